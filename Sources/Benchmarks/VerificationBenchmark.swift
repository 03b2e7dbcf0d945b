import Files
import Networks
import Ownership
import Passports
import Training

/// The verification of a signature as an owner meets it: a released ResNet-18 and a claim, both on disk, and no data.
public struct VerificationBenchmark {
  /// What one verification took and found.
  public struct Outcome: Sendable {
    /// Opening the suspect's file, checking it, and reading all its tensors.
    public var model: Duration
    public var claim: Duration
    /// Putting both together and reading the signature in the weights.
    public var readings: Duration
    public var matches: Int
    public var bits: Int

    public var total: Duration { model + claim + readings }
  }

  private let modelPath: String
  private let claimPath: String

  /// Writes the two files into a folder.
  ///
  /// Training is no part of what is measured: the signature is what the untrained weights say already, so that every
  /// bit has to match.
  public init(folder: String) throws {
    (modelPath, claimPath) = (folder + "/released.safetensors", folder + "/claim.safetensors")
    let network = try BenchmarkNetwork.resnet18.network(for: .all)
    var passports = try Passport(seed: 1).issue(for: network)
    for index in passports.indices {
      let reading = try network.scaleReading(passports[index])
      passports[index].signature = Signature(signs: reading.elements.map { $0 < 0 ? -1 : 1 })
    }
    try network.released().save(to: modelPath)
    try Claim(of: network, passports: passports, triggerHash: nil).save(to: claimPath)
  }

  /// Verifies once, from the files on.
  public func run() throws -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    let suspect = try Network(Safetensors.File(path: modelPath), layers: .complete)
    let modelRead = clock.now
    let claim = try Claim(Safetensors.File(path: claimPath))
    let claimRead = clock.now
    let verification = try Verification(suspect, claim: claim)
    return Outcome(
      model: modelRead - start, claim: claimRead - modelRead, readings: clock.now - claimRead,
      matches: verification.matches, bits: verification.bits)
  }
}
