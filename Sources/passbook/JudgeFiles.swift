import ArgumentParser
import Files
import Keys
import Language
import Networks
import Ownership
import Passports
import Runtime
import Services
import Tensors
import Terminal
import Training

/// What `verify` and `judge` have in common: files into values, and errors into words.
enum JudgeFiles {
  static func network(_ path: String) throws -> Network {
    try named(path) {
      let file = try Safetensors.File(path: path)
      guard !Claim.isClaim(file) else { throw NetworkError("this is a claim, and no model", help: "save(net, ...) writes one") }
      return try Network(file, layers: .complete)
    }
  }

  static func claim(_ path: String) throws -> Claim {
    try named(path) { try Claim(Safetensors.File(path: path)) }
  }

  /// Puts the name of a file before what is wrong with it.
  private static func named<Value>(_ path: String, _ read: () throws -> Value) throws -> Value {
    guard !Commitment.isCommitment(path) else {
      throw OwnershipError(
        "\(path) is a commitment, and neither a claim nor a model",
        help: "save(log.claim, ...) writes a claim; a commitment is judged beside it, in one folder: --dossier FOLDER")
    }
    do {
      return try read()
    } catch let error as NetworkError {
      throw OwnershipError("\(path): \(error.message)", help: error.help)
    }
  }

  /// Prints a line; a full disk is an error.
  static func write(_ text: String) throws {
    let console = Console(isQuiet: true)
    console.print(text)
    guard console.close() else { throw failure }
  }

  /// A model's file, the address of a service, or `none`.
  static func suspect(_ name: String) throws -> Suspect {
    if name == "none" { return .service(nil) }
    guard ServiceAddress.isAddress(name) else { return .network(try network(name)) }
    return try .service(at: name, isInterrupted: { Interrupts.isRaised })
  }

  /// The samples that an expression of the language gives; none without one.
  static func samples(_ expression: String?, _ flags: SessionFlags) throws -> (any Samples)? {
    guard let expression else { return nil }
    let console = Console(isQuiet: flags.quiet)
    let session = Session(options: flags.options(echo: .nothing), output: console)
    let samples = session.samples(from: Source(name: "--data", text: expression))
    guard console.close(), let samples else { throw failure }
    return samples
  }

  /// The exit code where there is no answer: 0 and 1 are answers.
  static let failure = ExitCode(2)

  /// Says what is wrong with files and claims as any command does, and not as wrong usage.
  static func explained(_ body: () throws -> Void) throws {
    Interrupts.catchSignal()
    do {
      try body()
    } catch is Interrupted {
      reportError("interrupted")
      throw ExitCode(130)
    } catch let error as any ExplainedError {
      Console.report(Diagnostic(.error, error.message, help: error.help.map { [$0] } ?? []))
      throw failure
    } catch let code as ExitCode {
      throw code
    } catch {
      reportError(String(describing: error))
      throw failure
    }
  }

  /// A word as a shell reads it.
  static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./:=,%".contains($0) }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
