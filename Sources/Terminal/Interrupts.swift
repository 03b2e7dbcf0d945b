import CReadline

/// Ctrl-C as a flag that long work polls.
///
/// The flag belongs to the process, as the signal does; sessions see it only through the closure they are given.
public enum Interrupts {
  /// Lets SIGINT raise the flag instead of ending the process. A second Ctrl-C within two seconds of one that was
  /// not heeded ends the process with 130.
  public static func catchSignal() { creadline_catch_interrupts() }

  /// Whether Ctrl-C was pressed since the prompt last began or ended to read a line.
  public static var isRaised: Bool { creadline_interrupt_is_raised() }

  /// How often the process has been continued after a stop; what it had on the screen may have scrolled away.
  static var continuations: Int { Int(creadline_continuation_count()) }

  /// Lowers the flag, for work that follows what was stopped before the prompt comes back.
  public static func clear() { creadline_clear_interrupt() }
}
