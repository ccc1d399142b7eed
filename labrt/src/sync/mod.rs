//! Locks. No poisoning: a panic in a lab thread ends the world.
use crate::time::Duration;
use std::ops::{Deref, DerefMut};
/// Mutex.
#[derive(Debug, Default)]
pub struct Mutex<T: ?Sized>(std::sync::Mutex<T>);
/// Guard.
#[derive(Debug)]
pub struct MutexGuard<'a, T: ?Sized>(std::sync::MutexGuard<'a, T>, &'a std::sync::Mutex<T>);
impl<T> Mutex<T> { /// New.
    pub const fn new(t: T) -> Self { Self(std::sync::Mutex::new(t)) }
    /// Into inner.
    pub fn into_inner(self) -> T { self.0.into_inner().unwrap_or_else(|e| e.into_inner()) } }
impl<T: ?Sized> Mutex<T> { /// Lock.
    pub fn lock(&self) -> MutexGuard<'_, T> { MutexGuard(self.0.lock().unwrap_or_else(|e| e.into_inner()), &self.0) }
    /// Try.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> { self.0.try_lock().ok().map(|g| MutexGuard(g, &self.0)) }
    /// Get mut.
    pub fn get_mut(&mut self) -> &mut T { self.0.get_mut().unwrap_or_else(|e| e.into_inner()) } }
impl<T: ?Sized> Deref for MutexGuard<'_, T> { type Target = T; fn deref(&self) -> &T { &self.0 } }
impl<T: ?Sized> DerefMut for MutexGuard<'_, T> { fn deref_mut(&mut self) -> &mut T { &mut self.0 } }
/// `RwLock`: read() / write() -> guard.
#[derive(Debug, Default)]
pub struct RwLock<T: ?Sized>(std::sync::RwLock<T>);
impl<T> RwLock<T> { /// New.
    pub const fn new(t: T) -> Self { Self(std::sync::RwLock::new(t)) } }
impl<T: ?Sized> RwLock<T> { /// Read.
    pub fn read(&self) -> impl Deref<Target = T> + '_ { self.0.read().unwrap_or_else(|e| e.into_inner()) }
    /// Write.
    pub fn write(&self) -> impl DerefMut<Target = T> + '_ { self.0.write().unwrap_or_else(|e| e.into_inner()) } }
/// Condvar: wait takes and returns the guard, as std's.
#[derive(Debug, Default)]
pub struct Condvar(std::sync::Condvar);
impl Condvar { /// New.
    pub const fn new() -> Self { Self(std::sync::Condvar::new()) }
    /// Wait.
    pub fn wait<'a, T>(&self, g: MutexGuard<'a, T>) -> MutexGuard<'a, T> { MutexGuard(self.0.wait(g.0).unwrap_or_else(|e| e.into_inner()), g.1) }
    /// Wait while the condition is true.
    pub fn wait_while<'a, T>(&self, mut g: MutexGuard<'a, T>, mut c: impl FnMut(&mut T) -> bool) -> MutexGuard<'a, T> { while c(&mut g) { g = self.wait(g); } g }
    /// Wait with a time-out; `true`: it timed out.
    pub fn wait_timeout<'a, T>(&self, g: MutexGuard<'a, T>, d: Duration) -> (MutexGuard<'a, T>, bool) { let (h, t) = self.0.wait_timeout(g.0, d).unwrap_or_else(|e| e.into_inner()); (MutexGuard(h, g.1), t.timed_out()) }
    /// Wake one.
    pub fn notify_one(&self) { self.0.notify_one(); }
    /// Wake all.
    pub fn notify_all(&self) { self.0.notify_all(); } }
// Also to come: Barrier (new(n), wait() -> bool leader), WaitGroup (Clone; drop = done; wait(self)), and
// Slot<T>: a one-shot hand-over: Slot::new() -> Slot<T> (Clone), set(&self, T) -> bool (false if already set), wait(&self) -> T.
/// One-shot hand-over between two threads, the fast path of an RPC. Clones share it.
pub struct Slot<T>(std::sync::Arc<(std::sync::Mutex<SlotState<T>>, std::sync::Condvar)>);
enum SlotState<T> { Empty, Full(T), Taken }
impl<T> Clone for Slot<T> { fn clone(&self) -> Self { Self(self.0.clone()) } }
impl<T> std::fmt::Debug for Slot<T> { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("Slot") } }
impl<T> Default for Slot<T> { fn default() -> Self { Self::new() } }
impl<T> Slot<T> {
    /// Empty.
    pub fn new() -> Self { Self(std::sync::Arc::new((std::sync::Mutex::new(SlotState::Empty), std::sync::Condvar::new()))) }
    /// Fills it; `false` (and the value is dropped) when it was filled before.
    pub fn set(&self, t: T) -> bool { let mut s = self.0.0.lock().unwrap(); if matches!(*s, SlotState::Empty) { *s = SlotState::Full(t); self.0.1.notify_all(); true } else { false } }
    /// Waits until it is filled and takes the value. Call it once.
    pub fn wait(&self) -> T { let mut s = self.0.0.lock().unwrap(); loop { if let SlotState::Full(t) = std::mem::replace(&mut *s, SlotState::Taken) { return t; } *s = SlotState::Empty; s = self.0.1.wait(s).unwrap(); } }
    /// Whether it was filled.
    pub fn is_set(&self) -> bool { !matches!(*self.0.0.lock().unwrap(), SlotState::Empty) }
}
