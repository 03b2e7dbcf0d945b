import Files
import Foundation
import Passports
import Tensors

/// A page that an expert appointed by a court can follow: what was tested, on what, with which result, under which
/// assumption, what it does not show, and how to repeat it. Rendering is elsewhere.
public struct Certificate: Sendable {
  public enum Part: Sendable, Equatable {
    case paragraph(String)
    /// Names with their values.
    case facts([(name: String, value: String)])
    case table(header: [String], rows: [[String]])
    case list([String])
    case command(String)

    public static func == (one: Part, other: Part) -> Bool { "\(one)" == "\(other)" }
  }

  public struct Section: Sendable {
    public var heading: String
    public var parts: [Part]
  }

  public var title: String
  public var sections: [Section]

  /// - Parameter command: what repeats the judgement; none says how to in words.
  public init(_ judgement: Judgement, command: String? = nil) {
    title = "Whose network is it? A judgement by the \(judgement.rule.rawValue) rule"
    sections = [
      Section(heading: "Ruling", parts: [.paragraph(judgement.ruling.sentence)] + Self.warning(judgement)),
      Section(heading: "What was examined", parts: [.facts(Self.facts(judgement))]),
      Section(heading: "What was tested, and what was found", parts: Self.results(judgement)),
      Section(heading: "What the chances rest on", parts: [.list(Self.assumptions(judgement))]),
      Section(heading: "What this does not show", parts: [.list(Self.limits)]),
      Section(
        heading: "How to repeat it",
        parts: [
          command.map(Part.command)
            ?? .paragraph("Load the files and call judge(...) as it was called here."),
          .paragraph(
            "SHA-256 are of contents, not of files: in Passbook, load(file).sha256 shows that of a model, a claim, a "
              + "commitment or a trigger set."),
          .paragraph(
            "Passbook \(judgement.tool) computes all figures from these files alone: no clock, no network and no random "
              + "number takes part. The formulas stand in the room Ownership of its source."),
        ]),
    ]
  }

  // MARK: Parts

  private static func warning(_ judgement: Judgement) -> [Part] {
    var warnings: [String] = []
    if judgement.rule == .naive {
      warnings.append(
        "The naive rule believes whatever a claimant brings. A forger passes it in a second, without data and without "
          + "loss of accuracy (closed-form forgery); it decides nothing and is here to be compared with.")
    }
    let practising = judgement.verdicts.map(\.claimant).filter { $0.practice != nil }.map(\.name)
    if !practising.isEmpty {
      warnings.append(
        "A practice key, whose secret anybody can guess, or a practice date, which nobody gave, is that of "
          + "\(practising.joined(separator: " and of ")): this page proves nothing.")
    }
    return warnings.map { .paragraph($0) }
  }

  private static func facts(_ judgement: Judgement) -> [(name: String, value: String)] {
    var facts: [(name: String, value: String)] = [
      ("suspect", judgement.suspectSHA256.map { "a model, SHA-256 \($0)" } ?? "a model that was asked, and not opened"),
      ("suspects", "\(judgement.suspects) looked at"), ("claims", "\(judgement.verdicts.count)"),
      ("first seen", judgement.since.map(OutsideDate.text) ?? "nobody says when"),
    ]
    for verdict in judgement.verdicts {
      let claimant = verdict.claimant
      var words = [
        "\(claimant.claim.bits) signature bits in \(claimant.claim.layers.count) layers, SHA-256 \(claimant.claim.sha256)"
      ]
      if let commitment = claimant.commitment {
        words.append("statement “\(commitment.statement)”")
        words.append("identity (Ed25519) \(commitment.identity.hexadecimal)")
        words.append("commitment, SHA-256 \((try? commitment.sha256()) ?? "")")
        words.append("thresholds declared in it: signature 10^\(commitment.thresholds.signatureLog10.shortest), "
          + "triggers 10^\(commitment.thresholds.triggersLog10.shortest), gap \(commitment.thresholds.gap.asShare)")
      } else {
        words.append("no commitment")
      }
      if let triggers = claimant.triggers {
        words.append("\(triggers.count) triggers, SHA-256 \(triggers.sha256)")
      }
      if let date = claimant.date {
        words.append(date.isPractice ? date.sentence : "dated \(date.text) by \(date.authority)")
      }
      facts.append((claimant.name, words.joined(separator: "; ")))
    }
    return facts
  }

  private static func results(_ judgement: Judgement) -> [Part] {
    judgement.verdicts.flatMap { verdict -> [Part] in
      [
        .paragraph("\(verdict.claimant.name): \(verdict.isAccepted ? "accepted" : "rejected") (\(verdict.reason))."),
        .table(
          header: ["test", "outcome", "finding", "chance", "times all tries"],
          rows: verdict.findings.map { finding in
            [
              finding.test.rawValue, finding.outcome.rawValue, finding.text, finding.log10P.map(power) ?? "",
              finding.correctedLog10P.map(power) ?? "",
            ]
          }),
      ]
    }
  }

  /// A chance below what a `Double` holds, in words.
  private static func power(_ log10P: Double) -> String {
    log10P > -3 ? "\((pow(10, log10P) * 1e4).rounded() / 1e4)" : "10^\((log10P * 10).rounded() / 10)"
  }

  private static func assumptions(_ judgement: Judgement) -> [String] {
    var seen: Set<String> = []
    let used = judgement.verdicts.flatMap(\.findings).compactMap { finding in
      finding.assumption.map { "\(finding.test.rawValue): \($0)" }
    }.filter { seen.insert($0).inserted }
    return used + [
      "chances are exact one-sided tails (binomial for signs, permutations for triggers), times claims, suspects and "
        + "choices: readings, and which layers carry passports (Bonferroni)",
      "a test that was refused says nothing, for or against",
    ]
  }

  static let limits = [
    "When the commitment was made, unless an outside date stands above: a clock of one's own proves nothing.",
    "Who was first, where two claims hold: whoever steals a network can train a key of his own into it and commit to that. "
      + "Only outside dates, of models that the suspect was shown to come from, tell the claims apart.",
    "Anything of a network that was distilled from the protected one: its weights are new and carry no signature; of the "
      + "triggers only what the student happened to learn is left.",
    "That the claimant made the data or had the right to train on it.",
  ]
}

extension String {
  /// With a capital letter and a full stop.
  fileprivate var sentence: String { prefix(1).uppercased() + dropFirst() + "." }
}

extension Double {
  fileprivate var shortest: String { self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)" }
}
