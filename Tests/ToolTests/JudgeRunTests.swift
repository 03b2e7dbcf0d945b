import Foundation
import Testing

/// `passbook verify` and `passbook judge` on files that a script wrote, with a sealed key.
@Suite struct JudgeRunTests {
  /// A folder with two dossiers, `lab` with everything and `thief` with a forged claim, and the suspect.
  private static let folder = Result { () -> String in
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("passbook-" + UUID().uuidString)
    for name in ["lab", "thief"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    let script = """
      net = input([1, 28, 28]) |> conv(48, 5, stride: 2) |> norm(passport: true) |> relu
        |> conv(64, 3, stride: 2) |> norm(passport: true) |> relu |> flatten |> dense(10) |> model_of()
      owner = keypair("\(folder.path)/lab/owner.key", statement: "Lab 26 claims it")
      marks = triggers(patterns(count: 30, size: 28, channels: 1, seed: 5), count: 30, classes: 10, seed: 5)
      log = train(net, fashion().train |> take(1280), epochs: 4, passport: owner, triggers: marks,
                  triggers_per_batch: 8, lambda_sign: 1, optimizer: sgd(0.02), seed: 1)
      commit(net, owner, path: "\(folder.path)/lab/commitment.json", triggers: marks, thresholds: {gap: 30%})
      save(log.claim, "\(folder.path)/lab/claim.safetensors")
      save(marks, "\(folder.path)/lab/triggers.safetensors")
      save(release(net), "\(folder.path)/suspect.safetensors")
      save(forge(release(net), method: "closed", seed: 1), "\(folder.path)/thief/claim.safetensors")
      """
    let path = folder.appendingPathComponent("make.pass").path
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    let result = try Tool.run(["run", path, "--quiet"], environment: phrase)
    guard result.code == 0 else { throw Trouble(text: result.errors) }
    return folder.path
  }

  private struct Trouble: Error { var text: String }
  private static let phrase = ["PASSBOOK_PASSPHRASE": "correct horse battery"]

  private func folder() throws -> String { try Self.folder.get() }

  @Test func verifyReadsAClaim() throws {
    let folder = try folder()
    let arguments = [
      "verify", folder + "/suspect.safetensors", "--claim", folder + "/lab/claim.safetensors", "--triggers",
      folder + "/lab/triggers.safetensors",
    ]
    let shown = try Tool.run(arguments)
    #expect(shown.code == 0 && shown.output.contains("112 of 112 bits"), "\(shown.output)\(shown.errors)")
    let json = try Tool.run(arguments + ["--json", "--data", "fashion().test |> take(100)"])
    let read = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(read["matches"] as? Int == 112 && read["free"] is Double && (read["layers"] as? [Any])?.count == 2)
    let strict = try Tool.run(arguments + ["--threshold=-40"])
    #expect(strict.code == 1 && strict.output == shown.output)
  }

  @Test func judgeDecidesBetweenDossiers() throws {
    let folder = try folder()
    let arguments = ["judge", folder + "/suspect.safetensors", "--dossier", folder + "/lab", "--dossier", folder + "/thief"]
    let page = folder + "/certificate.html"
    let found = try Tool.run(arguments + ["--certificate", page], environment: Self.phrase)
    #expect(found.code == 0 && found.output.hasPrefix("the claim of lab holds\n"), "\(found.output)\(found.errors)")
    #expect(found.output.contains("thief: rejected"))
    #expect(try String(contentsOfFile: page, encoding: .utf8).contains("passbook judge "))
    let naive = try Tool.run(
      arguments + ["--rule", "naive", "--json", "--data", "fashion().test |> take(200)"], environment: Self.phrase)
    let read = try #require(JSONSerialization.jsonObject(with: Data(naive.output.utf8)) as? [String: Any])
    #expect(naive.code == 1 && read["winner"] is NSNull, "\(naive.output)\(naive.errors)")
    // Nothing that was written or said holds the secret's pass phrase.
    // A broken file is held against whoever brings it, and nobody else.
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: folder + "/thief/commitment.json"))
    try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/thief/comitment.json"))
    let broken = try Tool.run(arguments, environment: Self.phrase)
    #expect(broken.output.contains("  not read    comitment.json"))
    #expect(broken.code == 0 && broken.output.contains("this is no commitment"), "\(broken.output)\(broken.errors)")
    let wrong = try Tool.run(arguments, environment: ["PASSBOOK_PASSPHRASE": "wrong"])
    #expect(wrong.code == 1 && wrong.output.contains("the pass phrase does not open this key"))
    #expect(!(found.output + found.errors + naive.output).contains("correct horse"))
  }

  @Test func mistakesAreNamed() throws {
    let folder = try folder()
    let suspect = folder + "/suspect.safetensors"
    let cases: [([String], String, Int32)] = [
      (["judge", suspect], "there is no claim", 2),
      (["judge", suspect, "--dossier", folder], "this is no dossier", 2),
      (["judge", folder + "/none.safetensors", "--claim", folder + "/lab/claim.safetensors"], "no such file", 2),
      (["judge", "http://127.0.0.1:1/", "--claim", folder + "/lab/claim.safetensors", "--data", "5"], "gives no samples", 2),
      (["verify", suspect, "--claim", suspect], "the file holds no claim", 2),
      (["verify", suspect, "--claim", folder + "/lab/commitment.json"], "is a commitment, and neither a claim nor", 2),
      (["verify", suspect, "--claim", folder + "/lab/claim.safetensors", "--data", "3 + 4"], "gives no samples", 2),
    ]
    for (arguments, words, code) in cases {
      let result = try Tool.run(arguments, environment: ["PASSBOOK_PASSPHRASE": "wrong"])
      #expect(result.code == code && result.errors.contains(words), "\(arguments): \(result.code) \(result.errors)")
    }
  }

  @Test func sealedKeysOpenWithTheirPassPhraseAlone() throws {
    let key = try folder() + "/lab/owner.key"
    func said(_ line: String, _ phrase: [String: String] = Self.phrase) throws -> String {
      let result = try Tool.run(["-e", line], environment: phrase)
      return result.output + result.errors
    }
    #expect(try said("keypair(\"\(key)\")").contains("bound to \"Lab 26 claims it\""))
    #expect(try said("keypair(\"\(key)\", statement: \"other\")").contains("is bound to another statement"))
    #expect(try said("keypair(\"\(key)\")", ["PASSBOOK_PASSPHRASE": ""]).contains("a pass phrase is not empty"))
    #expect(try said("keypair(\"\(key).new\")").contains("a new key needs the statement"))
    #expect(try said("keypair(\"\(key)\", seed: 1)").contains("a practice key has no file"))
    // Nobody is asked for a pass phrase that cannot be used.
    #expect(try said("keypair(\"\(key)/new\", statement: \"x\")", [:]).contains("write it"))
    #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
  }
}
