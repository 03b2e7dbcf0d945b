import Execution
import Files
import Foundation
import Networks
import Training

/// Decides whose a suspect is, by one of two rules.
///
/// The naive rule accepts whatever a claimant brings, as the papers do; it is kept because it is fooled in a second
/// (`ClosedFormForgery`). The bound rule accepts only what was laid down beforehand and follows from a secret.
public struct Judge {
  public enum Rule: String, Sendable, CaseIterable {
    case naive, bound
  }

  public static let suspectCounts = 1...1_000_000_000

  public var rule: Rule
  /// How many suspects the claims were held against before this one was found, itself among them.
  public var suspects: Int
  /// Samples that the suspect was not trained on, to measure both branches.
  public var data: (any Samples)?
  /// Models that nobody claims, of the suspect's architecture: what re-alignment makes of the innocent.
  public var independents: [Network]
  /// When the suspect was first seen, by somebody other than the claimants; none where nobody knows (`Precedence`).
  public var since: Date?
  public var options: ExecutionOptions

  public init(
    _ rule: Rule, suspects: Int = 1, data: (any Samples)? = nil, independents: [Network] = [], since: Date? = nil,
    options: ExecutionOptions = ExecutionOptions()
  ) {
    self.rule = rule
    self.suspects = suspects
    self.data = data
    self.independents = independents
    self.since = since
    self.options = options
  }

  /// Hears all claims to one suspect.
  ///
  /// - Throws: `OwnershipError` where there is nothing to decide; what a claim lacks is a finding, and no error.
  public func judge(_ suspect: Suspect, _ claimants: [Claimant]) throws -> Judgement {
    guard !claimants.isEmpty else {
      throw OwnershipError("there is no claim to decide", help: "judge(suspect, [log.claim])")
    }
    guard Self.suspectCounts.contains(suspects) else {
      throw OwnershipError("1 to \(Self.suspectCounts.upperBound) suspects were looked at, not \(suspects)")
    }
    if case .network(let network) = suspect, let data, data.sampleShape != network.inputShape {
      throw OwnershipError(
        "the data has samples of shape \(data.sampleShape), and the suspect takes \(network.inputShape)",
        help: "leave the data out, or give some that the suspect is for")
    }
    let hash: String? = if case .network(let network) = suspect { try network.sha256() } else { nil }
    let verdicts = try claimants.map { claimant in
      switch rule {
      case .naive: try NaiveRule(judge: self).verdict(on: claimant, suspect)
      case .bound:
        try BoundRule(judge: self, claims: claimants.count, suspectSHA256: hash).verdict(on: claimant, suspect)
      }
    }
    return Judgement(
      rule: rule, suspects: suspects, since: since, verdicts: verdicts, suspectSHA256: hash, tool: ToolVersion.text)
  }
}
