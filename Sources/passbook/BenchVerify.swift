import ArgumentParser
import Benchmarks
import Foundation
import Tensors

/// `passbook bench verify`: the time from two files on disk to a verified signature.
struct BenchVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Time the verification of a ResNet-18's signature, from the files on disk.")

  @Option(help: "Verifications that are timed.")
  var runs = 9

  // The same group as the command above has: it would take these options for its own.
  @OptionGroup var flags: SessionFlags

  func validate() throws {
    guard (1...100_000).contains(runs) else { throw ValidationError("--runs is a whole number of at least 1") }
  }

  func run() throws {
    if let threads = flags.threads { Parallelism.use(threads: threads) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("passbook-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let benchmark = try VerificationBenchmark(folder: folder.path)
    let outcomes = try (0..<runs).map { _ in try benchmark.run() }
    func median(_ part: (VerificationBenchmark.Outcome) -> Duration) -> Double {
      let sorted = outcomes.map(part).sorted()
      return (sorted[sorted.count / 2] / .milliseconds(1) * 100).rounded() / 100
    }
    let (matches, bits) = (outcomes.reduce(0) { $0 + $1.matches } / runs, outcomes[0].bits)
    print(
      "{\"matches\": \(matches), \"bits\": \(bits), \"milliseconds\": \(median(\.total)), "
        + "\"model\": \(median(\.model)), \"claim\": \(median(\.claim)), \"readings\": \(median(\.readings)), "
        + "\"first\": \((outcomes[0].total / .milliseconds(1) * 100).rounded() / 100)}")
  }
}
