import Testing

/// The life of a protected network, told by scripts whose `expect` lines must hold.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct OwnershipRunTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ script: String) throws -> Tool.Result {
    try Tool.run(["run", folder.file("script.pass", script.replacing("FOLDER", with: folder.path))])
  }

  private func expectSuccess(_ script: String) throws {
    let result = try run(script)
    #expect(result.code == 0, "\(result.errors)")
  }

  private func expectError(_ message: String, _ script: String) throws {
    let result = try run(script)
    #expect(result.code == 1)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  private let training =
    TrainingScript.model + """
      log = train(net, data.train |> take(2000), epochs: 4, batch: 32, passport: owner, triggers: marks,
                  optimizer: sgd(0.02))
      released = release(net)

      """

  @Test func releaseLeavesNoTraceAndTheSameAnswers() throws {
    try expectSuccess(
      training + """
        names = keys(parameters(released)) + keys(parameters(released, statistics: true))
        for name in names {
          for trace in ["fc.", "scale", "bn0", "bn1", "passport"] { expect not (trace in name) }
        }
        plain = input([1, 28, 28]) |> conv(16, 5, stride: 3) |> norm |> relu
          |> conv(32, 3, stride: 2) |> norm |> relu |> dropout(0.1) |> flatten |> dense(10) |> model_of()
        expect names == keys(parameters(plain)) + keys(parameters(plain, statistics: true))
        x = data.test[0..99].images
        expect max(abs(released(x) - net(x))) == 0
        expect len(released.passports) == 0
        """)
  }

  @Test func aClaimProvesTheSameInAnotherProcess() throws {
    let verify = """
      proof = verify(suspect, owner, claim: claim, data: data.test |> take(500), triggers: marks)
      print(proof.signature, proof.matches, proof.log10_p, proof.free, proof.aware, proof.trigger, proof.trigger_log10_p)
      expect proof.signature > 95%
      expect proof.trigger > 50%
      expect accuracy(suspect, data.test |> take(500), claim: claim) == proof.aware
      """
    let here = try run(
      training + """
        save(released, "FOLDER/released.safetensors")
        save(log.claim, "FOLDER/claim.safetensors")
        suspect = released
        claim = log.claim

        """ + verify)
    let there = try run(
      TrainingScript.model + """
        suspect = load("FOLDER/released.safetensors")
        claim = load("FOLDER/claim.safetensors")

        """ + verify)
    #expect(here.code == 0, "\(here.errors)")
    #expect(there.code == 0, "\(there.errors)")
    #expect(here.output == there.output)
  }

  @Test func aFinishedNetworkIsProtectedAndTrainedFurther() throws {
    try expectSuccess(
      """
      data = fashion()
      plain = input([1, 28, 28]) |> conv(16, 5, stride: 3) |> norm |> relu
        |> conv(32, 3, stride: 2) |> norm |> relu |> flatten |> dense(10) |> model_of()
      train(plain, data.train |> take(1000), epochs: 2)
      x = data.test[0..9].images
      net = protect(plain, layers: "all")
      expect max(abs(net(x) - plain(x))) == 0
      before = accuracy(net, data.test |> take(500))
      owner = passport("me", seed: 1)
      log = train(net, data.train |> take(1000), epochs: 5, batch: 32, passport: owner, optimizer: sgd(0.05))
      expect verify(release(net), owner, claim: log.claim).signature > 90%
      expect accuracy(net, data.test |> take(500)) > before - 10%
      expect accuracy(net, data.test |> take(500), passport: owner) > 40%
      """)
  }

  /// Chance is 10 %.
  @Test func aStrangersPassportsDoNotWork() throws {
    try expectSuccess(
      training + """
        test = data.test |> take(500)
        rates = [accuracy(released, test, claim: forge(released, claim: log.claim, seed: seed)) for seed in 1..9]
        expect accuracy(released, test, claim: log.claim) > 50%
        expect median(rates) < 30%
        forged = verify(released, claim: forge(released, claim: log.claim, seed: 1))
        expect 20% < forged.signature < 80%
        expect forged.log10_p > -4
        """)
  }

  @Test func aReleasedNetworkHasNoBranchForAPassport() throws {
    try expectError(
      "this model carries no passport-aware branch: it is plain or released",
      TrainingScript.model + "accuracy(release(net), data.test, passport: owner)\n")
    try expectError(
      "this model carries no passport layers",
      TrainingScript.model + "train(release(net), data, epochs: 1, passport: owner)\n")
  }

  @Test func aClaimOnAnotherArchitectureIsRefused() throws {
    let claim = TrainingScript.model + "claim = train(net, data.train |> take(64), epochs: 1, passport: owner).claim\n"
    for other in ["small(32)", "input([1, 28, 28]) |> flatten |> dense(10) |> model_of()"] {
      try expectError("the claim belongs to another architecture", claim + "verify(\(other), owner, claim: claim)\n")
    }
  }

  @Test func aClaimOfAnotherOwnerIsRefused() throws {
    try expectError(
      "the claim was made with another passport than this owner's",
      TrainingScript.model + """
        claim = train(net, data.train |> take(64), epochs: 1, passport: owner).claim
        verify(release(net), passport("me", seed: 43), claim: claim)

        """)
  }

  @Test func triggersThatTheClaimDoesNotNameAreRefused() throws {
    try expectError(
      "the triggers are not those of the claim",
      TrainingScript.model + """
        claim = train(net, data.train |> take(64), epochs: 1, passport: owner, triggers: marks).claim
        others = triggers(patterns(count: 20, size: 28, channels: 1, seed: 3), count: 20, seed: 6)
        verify(release(net), owner, claim: claim, triggers: others)

        """)
  }
}
