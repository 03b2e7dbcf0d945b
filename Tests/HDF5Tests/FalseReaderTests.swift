import Testing

@testable import HDF5

/// A reader that a hostile file has taken over can do no more than to give no answer.
@Suite struct FalseReaderTests {
  private func failureOf(_ script: String, limit: Int = 1000, patience: Duration = .seconds(20)) throws -> HDF5Error? {
    let program = try FalseReader(script, patience: patience)
    return failure { try program.reader.arrays(["data"], in: [1, 2, 3], limit: limit) }
  }

  @Test func crashes() throws {
    #expect(try failureOf("kill -SEGV $$") == .ended(signal: 11))
    #expect(try failureOf("kill -ABRT $$") == .ended(signal: 6))
  }

  @Test func nonsense() throws {
    #expect(try failureOf("exit 0") == .garbled("it breaks off after 0 datasets of 1"))
    #expect(try failureOf("echo nonsense; exit 3") == .garbled("it breaks off after 0 datasets of 1"))
    #expect(try failureOf("printf 'E\\0\\0\\0\\0\\0\\0\\0\\0'") == .garbled("0 of 1 datasets, and 0 bytes behind them"))
    #expect(
      try failureOf("printf 'A\\377\\377\\377\\377\\377\\377\\377\\377'")
        == .garbled("it breaks off after 0 datasets of 1"))
  }

  @Test func statusThatIsNoSuccess() throws {
    let array = "printf 'A\\013\\0\\0\\0\\0\\0\\0\\0\\004\\001\\001\\0\\0\\0\\0\\0\\0\\0\\007'"
    let end = "printf 'E\\0\\0\\0\\0\\0\\0\\0\\0'"
    #expect(try failureOf("\(array); \(end)") == nil)
    #expect(try failureOf("\(array); \(end); exit 1") == .garbled("its exit status is 256"))
    #expect(try failureOf("\(array); \(array); \(end)") == .garbled("there are more datasets than were asked for"))
  }

  @Test func tooMuch() throws {
    #expect(try failureOf("exec cat /dev/zero") == .garbled("it is longer than 5096 bytes"))
  }

  @Test func tooLate() throws {
    let start = ContinuousClock.now
    #expect(try failureOf("exec sleep 100", patience: .milliseconds(1100)) == .late(seconds: 1))
    // One that has answered and stays is not waited for.
    #expect(try failureOf("exec sleep 100 >&-") == .ended(signal: 9))
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test func theReasonOfARefusalCannotSteerATerminal() throws {
    #expect(
      try failureOf("printf 'F\\006\\0\\0\\0\\0\\0\\0\\0a\\033[2Jb'") == .refused("a?[2Jb"))
  }

  @Test func noSuchProgram() {
    let reader = HDF5Reader(executable: "/nowhere/reader")
    #expect(failure { try reader.arrays(["data"], in: []) } == .unavailable("/nowhere/reader: system error 2"))
  }

  @Test func environmentAndFiles() throws {
    // What the reader sees of our variables and files, as the reason of a refusal; the shell adds some of its own.
    let program = try FalseReader(
      #"""
      names=$(env | cut -d= -f1 | grep -v -E '^(LD_LIBRARY_PATH|_|PWD|OLDPWD|SHLVL)$' | sort | tr '\n' ' ')
      files=$(ls /proc/$$/fd | grep -v -E '^(1[0-9]|255)$' | tr '\n' ' ')
      text="$names$files"
      printf "F\\$(printf %o ${#text})\\0\\0\\0\\0\\0\\0\\0%s" "$text"
      """#)
    #expect(
      failure { try program.reader.arrays(["data"], in: []) }
        == .refused("HDF5_PLUGIN_PRELOAD HDF5_USE_FILE_LOCKING OPENBLAS_NUM_THREADS 0 1 2 3 "))
  }
}
