//! The log.

fn not_called() {
	let x = 1;
}
