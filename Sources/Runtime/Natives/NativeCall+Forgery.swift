import Attacks
import Language
import Ownership
import Passports
import Training

// What the natives of those have in common who claim another's model.

extension NativeCall {
  /// The attack that the arguments describe.
  func forgery(_ method: String, rate: Double) throws -> any PassportForgery {
    let blocks = try choice("blocks", of: ForgedBlocks.allCases.map(\.rawValue), default: "kept")
    let start = try choice("start", of: ReverseForgery.Start.allCases.map(\.rawValue), default: "normal")
    let lambda = Float(try number("lambda_sign", default: 0.1))
    let forged = ForgedBlocks(rawValue: blocks) ?? .kept
    return method == "flip"
      ? FlippedForgery(rate: rate, blocks: forged, lambdaSign: lambda)
      : ReverseForgery(start: ReverseForgery.Start(rawValue: start) ?? .normal, blocks: forged)
  }

  /// The owner's claim, which must have passports: a watermark and triggers leave nothing to forge here.
  func forgeableClaim(_ label: String) throws -> Claim {
    let claim = try object(label, as: ClaimObject.self, called: "a claim such as log.claim").claim
    guard !claim.layers.isEmpty else {
      throw fail("the claim has no passports that could be forged", argument: label)
    }
    return claim
  }

  func forgerySettings() throws -> ForgerySettings {
    var settings = ForgerySettings(
      epochs: try integer("epochs", in: 1...1_000_000, default: 100), seed: try randomSeed())
    settings.batchSize = try integer("batch", in: 1...1_000_000, default: 64)
    settings.share = try number("share", default: 1)
    settings.augments = try isGiven("augment") ? boolean("augment") : splitAugments("data")
    settings.isExact = session.options.isExact
    return settings
  }

  /// Where forgers are measured: never on what they trained on unless it is given as such.
  func forgeryTestSamples() throws -> any Samples {
    if isGiven("test") { return try samples("test", half: "test") }
    if case .record(let record) = value("data"), record["test"] != nil { return try samples("data", half: "test") }
    throw fail(
      "a split to train on says nothing of other samples", argument: "data",
      help: "give data with a .test, or test: data.test")
  }
}

extension Session {
  /// Hands the course of a forger's training to whoever shows progress.
  func report(_ progress: ForgeryProgress, of forger: String? = nil) {
    guard !options.isQuiet else { return }
    let accuracy = Value.rate((progress.accuracy * 1000).rounded() / 1000).display
    output.progress(
      ProgressReport(
        "\(forger.map { $0 + ": " } ?? "")epoch \(progress.epoch) of \(progress.epochs)", completed: progress.batch,
        total: progress.batches,
        figures: [("loss", progress.loss.trimmed(decimals: 3)), ("forged", accuracy)],
        isMilestone: progress.batch == progress.batches))
  }
}
