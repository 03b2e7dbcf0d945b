import Files
import Keys
import Networks
import Passports

// A commitment in a file: one line of canonical JSON, so that there is one sequence of bytes for each commitment.
//
//     {"body":{...},"sha256":"<of the body's bytes>","signature":"<Ed25519 of the body's bytes>"}
//
// Canonical: no white space, members in the order below, whole numbers, shares and chances as strings.

extension Commitment {
  static let format = "passbook/commitment/1"
  /// A network of a thousand passport layers stays far below.
  private static let largest = 1 << 20

  /// The bytes that are hashed and signed.
  func bodyBytes() throws -> [UInt8] { Array(try body.text().utf8) }

  private var body: JSON {
    .object([
      .init("format", .string(Self.format)),
      .init("identity", .string(identity.hexadecimal)),
      .init("statement", .string(statement)),
      .init("secret_sha256", .string(secretSHA256)),
      .init("layers", .array(layers.map(\.json))),
      .init("branches_sha256", .string(branchesSHA256)),
      .init("model_sha256", .string(modelSHA256)),
      .init("triggers_sha256", triggersSHA256.map(JSON.string) ?? .null),
      .init(
        "thresholds",
        .object([
          .init("signature_log10", .string("\(thresholds.signatureLog10)")), .init("gap", .string("\(thresholds.gap)")),
          .init("triggers_log10", .string("\(thresholds.triggersLog10)")),
        ])),
      .init("tool", .string(tool)),
    ])
  }

  /// The whole file as text, with a line end.
  public func text() throws -> String {
    try JSON.object([
      .init("body", body), .init("sha256", .string(sha256())), .init("signature", .string(signature.hexadecimal)),
    ]).text() + "\n"
  }

  /// Writes the file.
  ///
  /// - Throws: `FileError` where another commitment stands at the path: it may be dated already.
  public func save(to path: String) throws {
    let bytes = Array(try text().utf8)
    if Self.isCommitment(path) {
      let other = FileError(
        path: path, reason: "another commitment stands there, and may be dated already; name another file")
      guard try FileReader.contents(of: path, limit: bytes.count, beyond: other) == bytes else { throw other }
    }
    try AtomicFile.write(bytes, to: path)
  }

  /// Whether a file begins as a commitment does, which no safetensors file can.
  public static func isCommitment(_ path: String) -> Bool {
    let start = Array("{\"body\":".utf8)
    guard let reader = try? FileReader(path: path), reader.count > start.count else { return false }
    return (try? reader.bytes(at: 0, count: start.count)) == start
  }

  /// Reads a file.
  ///
  /// - Throws: `FileError` that names what is wrong: no commitment, changed since it was written, or not signed by the
  ///   identity that it names.
  public init(path: String) throws {
    try self.init(
      bytes: FileReader.contents(of: path, limit: Self.largest, beyond: Self.noCommitment(path)), path: path)
  }

  init(bytes: [UInt8], path: String) throws {
    guard let file = try? JSON(parsing: bytes), let body = file["body"],
      case .string(Self.format)? = body["format"], let read = try? Self(body, signature: file["signature"])
    else { throw Self.noCommitment(path) }
    self = read
    // One commitment is one sequence of bytes; anything else was changed by somebody.
    guard Array(try text().utf8) == bytes else {
      throw FileError(
        path: path, reason: "this commitment was changed after it was written: its bytes are not the canonical ones")
    }
    guard try isSigned() else {
      throw FileError(path: path, reason: "this commitment was not signed by the identity that it names")
    }
  }

  private static func noCommitment(_ path: String) -> FileError {
    FileError(path: path, reason: "this is no commitment; expected a file that commit(...) wrote")
  }

  private init(_ body: JSON, signature: JSON?) throws {
    let reader = BodyReader(body)
    guard let identity = [UInt8](hexadecimal: try reader.text("identity")),
      case .string(let digits)? = signature, let signature = [UInt8](hexadecimal: digits),
      case .array(let layers)? = body["layers"]
    else { throw BodyReader.Misfit() }
    self.identity = try Identity(publicKey: identity)
    self.signature = signature
    statement = try reader.text("statement")
    secretSHA256 = try reader.text("secret_sha256")
    self.layers = try layers.map(Layer.init(json:))
    branchesSHA256 = try reader.text("branches_sha256")
    modelSHA256 = try reader.text("model_sha256")
    triggersSHA256 = body["triggers_sha256"] == .null ? nil : try reader.text("triggers_sha256")
    let declared = BodyReader(body["thresholds"] ?? .null)
    thresholds = Thresholds(
      signatureLog10: try declared.number("signature_log10"), gap: try declared.number("gap"),
      triggersLog10: try declared.number("triggers_log10"))
    try thresholds.check()
    tool = try reader.text("tool")
  }
}

/// Members of an object that must be there.
private struct BodyReader {
  struct Misfit: Error {}
  private let object: JSON

  init(_ object: JSON) { self.object = object }

  func text(_ name: String) throws -> String {
    guard case .string(let text)? = object[name] else { throw Misfit() }
    return text
  }

  func number(_ name: String) throws -> Double {
    guard let number = Double(try text(name)) else { throw Misfit() }
    return number
  }

  func whole(_ name: String) throws -> Int {
    guard case .integer(let whole)? = object[name] else { throw Misfit() }
    return whole
  }

  func flag(_ name: String) throws -> Bool {
    guard case .boolean(let flag)? = object[name] else { throw Misfit() }
    return flag
  }
}

extension Commitment.Layer {
  fileprivate var json: JSON {
    .object([
      .init("path", .string(path)), .init("source", .string(source)),
      .init("normalization", .string(normalization.rawValue)), .init("block", .boolean(form.hasBlock)),
      .init("shared_statistics", .boolean(form.sharesStatistics)), .init("single", .boolean(form.isSingle)),
      .init("passport", .array(passport.map(JSON.integer))), .init("channels", .integer(channels)),
      .init("private_sha256", .string(privateSHA256)),
    ])
  }

  fileprivate init(json: JSON) throws {
    let reader = BodyReader(json)
    guard let normalization = NormalizationKind(rawValue: try reader.text("normalization")),
      case .array(let extents)? = json["passport"]
    else { throw BodyReader.Misfit() }
    self.init(
      path: try reader.text("path"), source: try reader.text("source"), normalization: normalization,
      form: PassportForm(
        hasBlock: try reader.flag("block"), sharesStatistics: try reader.flag("shared_statistics"),
        isSingle: try reader.flag("single")),
      passport: try extents.map {
        guard case .integer(let extent) = $0 else { throw BodyReader.Misfit() }
        return extent
      },
      channels: try reader.whole("channels"), privateSHA256: try reader.text("private_sha256"))
  }
}
