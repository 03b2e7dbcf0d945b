import ArgumentParser
import Files
import Keys
import Networks
import Ownership
import Passports
import Runtime

/// `passbook judge SUSPECT --dossier FOLDER ...`: a verdict on every claim to one model.
struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge", abstract: "Decide between claims to a model: who owns it, and what shows it.",
    discussion: """
      A dossier is a folder with one claimant's files: \(Dossier.Part.allCases.map(\.rawValue).joined(separator: ", ")). \
      Only the claim must be there; what is missing counts as not brought. A suspect that cannot be opened is named as \
      none, and each dossier brings what it answered (answers.csv), or as http://HOST:PORT/PATH of a prediction service.

      Exit code 0 if one claim wins, 1 if none does, 2 if that cannot be said: a file that cannot be read.
      """)

  @Argument(help: ArgumentHelp("The model; or none, or the address of a service.", valueName: "suspect"))
  var suspect: String

  @Option(help: ArgumentHelp("A claimant's folder; as often as there are claimants.", valueName: "folder"))
  var dossier: [String] = []

  @Option(help: ArgumentHelp("A claim that comes alone.", valueName: "file"))
  var claim: [String] = []

  @Option(help: ArgumentHelp("bound: what was committed to; naive: whatever is brought.", valueName: "rule"))
  var rule = Judge.Rule.bound

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many suspects were looked at before this one, and it.", valueName: "number"))
  var suspects = 1

  @Option(help: ArgumentHelp("Samples that the suspect was not trained on: an expression, such as 'fashion().test'."))
  var data: String?

  @Option(help: ArgumentHelp("A model that nobody claims, for re-alignment; as often as there are.", valueName: "file"))
  var independent: [String] = []

  @Option(help: ArgumentHelp("PEM file of the time-stamping authorities that are trusted.", valueName: "file"))
  var trusted: String?

  @Option(
    help: ArgumentHelp(
      "When the suspect was first seen; re-alignment and answers need an older outside date.", valueName: "day"))
  var since: String?

  @Option(help: ArgumentHelp("Write the judgement as a page: *.html or *.md.", valueName: "file"))
  var certificate: String?

  @Flag(help: "Print a JSON object.")
  var json = false

  @OptionGroup var flags: SessionFlags

  func validate() throws {
    if dossier.isEmpty, claim.isEmpty { throw ValidationError("there is no claim: name a --dossier or a --claim") }
    guard Judge.suspectCounts.contains(suspects) else {
      throw ValidationError("--suspects is a whole number from 1 to \(Judge.suspectCounts.upperBound)")
    }
  }

  func run() throws {
    try JudgeFiles.explained {
      let claimants =
        try dossier.map { folder in
          try Dossier.read(folder, trusted: trusted, openKey: PassphraseSource.tool.open)
        } + claim.map { Claimant($0, claim: try JudgeFiles.claim($0)) }
      let judge = try Judge(
        rule, suspects: suspects, data: JudgeFiles.samples(data, flags),
        independents: independent.map(JudgeFiles.network), since: since.map(OutsideDate.day))
      let judgement = try judge.judge(JudgeFiles.suspect(suspect), claimants)
      if let certificate {
        try Certificate(judgement, command: command).write(to: certificate)
      }
      try JudgeFiles.write(json ? judgement.json.text() : judgement.text)
      if judgement.winner == nil { throw ExitCode(1) }
    }
  }

  /// The line that repeats the judgement.
  private var command: String {
    var words = ["passbook", "judge", suspect]
    for folder in dossier { words += ["--dossier", folder] }
    for file in claim { words += ["--claim", file] }
    words += ["--rule", rule.rawValue]
    if suspects != 1 { words += ["--suspects", "\(suspects)"] }
    if let data { words += ["--data", data] }
    for file in independent { words += ["--independent", file] }
    if let trusted { words += ["--trusted", trusted] }
    if let since { words += ["--since", since] }
    return words.map(JudgeFiles.quoted).joined(separator: " ")
  }
}

extension Judge.Rule: ExpressibleByArgument {}
