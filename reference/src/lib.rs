//! The reference solutions of all labs as one submission: what `grader` grades when it is told nothing
//! else.

/// All labs.
pub fn submission() -> contracts::Submission {
    contracts::Submission::new("reference")
        .open_raft::<raft::Server>()
        .weather(weather::channels::aggregator, weather::mutex::aggregator)
        .bank::<bank::Bank>()
        .mapreduce::<mapreduce::Coordinator>(mapreduce::worker)
        .credit(mapreduce::Credit)
}
