import Execution
import Glibc
import Networks
import Tensors
import Training

/// What a claim shows in a suspect's weights, or why it shows nothing.
struct SuspectReading {
  let verification: Verification?
  /// Why the claim cannot be read there.
  private let misfit: String?
  /// What a suspect gets right by always saying the most frequent class; none without data.
  private let constantAccuracy: Double?
  static let otherArchitecture = "the claim belongs to another architecture"

  init(of network: Network, _ claimant: Claimant, data: (any Samples)?, options: ExecutionOptions) {
    constantAccuracy = data.map { data in
      let counts = data.labels.reduce(into: [Int32: Int]()) { $0[$1, default: 0] += 1 }
      return Double(counts.values.max() ?? 0) / Double(max(data.count, 1))
    }
    do {
      verification = try Verification(network, claim: claimant.claim, data: data, options: options)
      misfit = nil
    } catch let error as NetworkError {
      verification = nil
      misfit = error.help == Self.otherArchitecture ? Self.otherArchitecture : error.message
    } catch {
      verification = nil
      misfit = (error as? any ExplainedError)?.message ?? String(describing: error)
    }
  }

  /// The signs, whose chance must lie below a threshold after it is multiplied by all tries.
  ///
  /// - Parameters:
  ///   - log10Tries: Of claims x suspects x choices.
  ///   - bitChance: That of a bit in an innocent's network.
  func signature(below threshold: Double, log10Tries: Double, bitChance: Double = 0.5) throws -> Finding {
    guard let found = verification else { return Finding(.signature, .refused, misfit ?? "the claim does not fit") }
    guard found.bits > 0 else { return Finding(.signature, .refused, "the claim has no signature bits") }
    let chance = try BinomialTail.log10(matches: found.matches, trials: found.bits, probability: bitChance)
    let corrected = min(chance + log10Tries, 0)
    return Finding(
      .signature, corrected < threshold ? .passed : .failed, "\(found.matches) of \(found.bits) bits",
      log10P: chance, correctedLog10P: corrected,
      assumption: "the bits were fixed before training; a stranger's match with chance "
        + (bitChance > 0.5 ? "\(bitChance.asShare) each, as the re-aligned independent models'" : "1/2 each"))
  }

  /// The branch that is put back beside the suspect as it is.
  func fidelity(within most: Double) -> Finding {
    guard let found = verification else { return Finding(.fidelity, .refused, misfit ?? "the claim does not fit") }
    guard let free = found.free, let aware = found.aware, let gap = found.gap else {
      return Finding(
        .fidelity, .refused, found.free == nil ? "there is no data to measure it on" : "the claim has no passports")
    }
    if let constantAccuracy, free <= constantAccuracy {
      return Finding(
        .fidelity, .refused,
        "the suspect is right on \(free.asShare) of the data, as by always saying its most frequent class: any branch is as good")
    }
    return Finding(
      .fidelity, gap <= most ? .passed : .failed,
      "\(free.asShare) passport-free, \(aware.asShare) passport-aware (\(most.asShare) allowed)",
      assumption: "the suspect was not trained on these samples")
  }
}
