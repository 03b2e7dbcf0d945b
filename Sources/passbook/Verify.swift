import ArgumentParser
import Datasets
import Files
import Networks
import Ownership
import Passports

/// `passbook verify SUSPECT --claim FILE`: what one claim shows in one model.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read a claim's signature in a model, and measure its branch and triggers.",
    discussion: """
      Says what a claim shows, and believes the claim; who is right is for `passbook judge`. Exit code 0 if the \
      signature's chance (or, in a claim without one, that of the triggers) lies below 10^THRESHOLD, 1 if it does \
      not, 2 if that cannot be said: a file that cannot be read.
      """)

  @Argument(help: ArgumentHelp("The model, as save(net, ...) wrote it.", valueName: "suspect"))
  var suspect: String

  @Option(help: ArgumentHelp("The claim, as save(log.claim, ...) wrote it.", valueName: "file"))
  var claim: String

  @Option(help: ArgumentHelp("The trigger set, as save(marks, ...) wrote it.", valueName: "file"))
  var triggers: String?

  @Option(help: ArgumentHelp("Samples to measure both branches on: an expression, such as 'fashion().test'."))
  var data: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("log10 of the chance below which it counts.", valueName: "number"))
  var threshold = -20.0

  @Flag(help: "Print a JSON object.")
  var json = false

  @OptionGroup var flags: SessionFlags

  func run() throws {
    try JudgeFiles.explained {
      let network = try JudgeFiles.network(suspect)
      let found = try Verification(
        network, claim: JudgeFiles.claim(claim), data: JudgeFiles.samples(data, flags),
        triggers: triggers.map { try TriggerSet(Safetensors.File(path: $0)) })
      try JudgeFiles.write(json ? found.json.text() : found.text)
      let chance = found.bits > 0 ? found.log10P : found.triggerLog10P
      if !((chance ?? 0) < threshold) { throw ExitCode(1) }
    }
  }
}
