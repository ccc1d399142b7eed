//! `mapreduce worker`.

use mapreduce::Ended;

use super::cli::WorkerArgs;
use super::exit::{Outcome, Stop};

pub(crate) fn worker(args: WorkerArgs) -> Outcome {
    let workplace = args.place.workplace();
    match mapreduce::work(args.app.app.application(), &workplace, &args.app.worker_options())? {
        Ended::JobOver | Ended::CoordinatorGone => Ok(()),
        Ended::NeverReached => {
            let socket = workplace.socket.display();
            Err(Stop::failed(format!("no coordinator listens at the socket `{socket}`")))
        }
    }
}
