import Files
import Keys
import Language
import Passports

/// The owner's key, from which bound passports come.
let keyNatives: [Native] = [
  Native(
    "keypair", area: "ownership",
    [
      .init("path", "text", default: "none", "the sealed file; made on the first call, opened on later ones"),
      .init("statement", "text", default: "none", "who claims what, fixed before training; the file remembers it"),
      .init("seed", "number", default: "none", "instead of a file: a practice key, whose secret anybody can guess"),
    ],
    summary: "An owner whose passports and signature are derived from a secret; stands wherever a passport does.",
    example: "keypair(statement: \"Lab 26 claims AlexNet, 2026\", seed: 42)"
  ) { call in .object(PassportObject(passport: Passport(try ownerKey(call)))) }
]

private func ownerKey(_ call: NativeCall) throws -> OwnerKey {
  if call.isGiven("seed") {
    guard !call.isGiven("path") else {
      throw call.fail("a practice key has no file", argument: "path", help: "leave out either 'path' or 'seed'")
    }
    return try OwnerKey(practice: call.randomSeed(), statement: statement(call))
  }
  guard call.isGiven("path") else {
    throw call.fail(
      "say where the key is kept", argument: "path",
      help: "keypair(\"owner.key\", statement: \"...\"); or seed: 42 for practice")
  }
  let path = try call.text("path")
  guard let source = call.session.options.passphrases else {
    throw call.fail("a sealed key needs a pass phrase, and this session has nobody to ask", argument: "path")
  }
  guard FileReader.isThere(path) else {
    let key = try OwnerKey(newFor: statement(call))
    try AtomicFile.check(path)
    try KeyFile.save(key, to: path, passphrase: source.newPassphrase(for: path))
    call.session.noteWritten(path)
    return key
  }
  let key = try source.open(path)
  guard try !call.isGiven("statement") || key.statement == call.text("statement") else {
    throw call.fail(
      "\(path) is bound to another statement: \(key.statement.quoted)", argument: "statement",
      help: "leave 'statement' out to open it, or name a new file for a new key")
  }
  return key
}

private func statement(_ call: NativeCall) throws -> String {
  guard call.isGiven("statement") else {
    throw call.fail(
      "a new key needs the statement that its passports are bound to", argument: "statement",
      help: "statement: \"Lab 26 claims AlexNet for CIFAR-10, 2026\"")
  }
  return try call.text("statement")
}
