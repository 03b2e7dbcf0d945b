import COpenSSL
import Files

/// What is sent to a time-stamping authority (RFC 3161, 2.4.1): "this SHA-256 exists, say when you saw it".
///
/// The file is what `openssl ts -query` writes: send it with `curl -H "Content-Type: application/timestamp-query"
/// --data-binary @FILE.tsq URL -o FILE.tsr`. Nothing here opens a connection.
public struct TimestampRequest: Equatable, Sendable {
  /// The 32 bytes that are to be dated.
  public let sha256: [UInt8]
  /// A number that the reply must repeat, so that an old reply is not taken for a new one; none in requests of others.
  public let nonce: UInt64?

  /// A request for the stamp of a SHA-256, with a fresh nonce unless one is given.
  ///
  /// The nonce is the only randomness without a seed: it has to be new, and no result depends on it.
  public init(sha256: [UInt8], nonce: UInt64? = UInt64.random(in: 1 ... .max)) throws {
    guard sha256.count == 32 else {
      throw TimestampError(
        "request", .malformed("expected the 32 bytes of a SHA-256, found \(sha256.count) bytes"))
    }
    self.sha256 = sha256
    self.nonce = nonce
  }

  /// Reads a request that was written here or by `openssl ts -query -sha256`; throws `TimestampError` and `FileError`.
  public init(contentsOf path: String) throws {
    try self.init(FileReader.contents(of: path, limit: Self.mostBytes), path: path)
  }

  static let mostBytes = 1 << 16

  init(_ bytes: [UInt8], path: String) throws {
    try DER.checkLength(of: bytes, path: path)
    defer { ERR_clear_error() }
    guard let request = DER.parse(bytes, with: { d2i_TS_REQ(nil, $0, $1) }) else {
      throw TimestampError(path, .notDER("it is no request"))
    }
    defer { TS_REQ_free(request) }
    guard let imprint = TS_REQ_get_msg_imprint(request), let algorithm = TS_MSG_IMPRINT_get_algo(imprint),
      OBJ_obj2nid(algorithm.pointee.algorithm) == NID_sha256
    else { throw TimestampError(path, .malformed("the request is not for a SHA-256")) }
    var nonce: UInt64?
    if let integer = TS_REQ_get_nonce(request) {
      var value: UInt64 = 0
      guard ASN1_INTEGER_get_uint64(&value, integer) == 1 else {
        throw TimestampError(path, .malformed("the nonce is negative, or longer than 64 bits"))
      }
      nonce = value
    }
    guard let hash = TS_MSG_IMPRINT_get_msg(imprint).map(DER.bytes), hash.count == 32 else {
      throw TimestampError(path, .malformed("the request is not for a SHA-256"))
    }
    self = try TimestampRequest(sha256: hash, nonce: nonce)
  }

  /// The request in DER: version 1, SHA-256 imprint, nonce, and the wish that the reply brings its certificate.
  public func bytes() throws -> [UInt8] {
    let request = try make()
    defer { TS_REQ_free(request) }
    let count = Int(i2d_TS_REQ(request, nil))
    guard count > 0 else { throw Self.outOfMemory }
    var bytes = [UInt8](repeating: 0, count: count)
    let written = bytes.withUnsafeMutableBufferPointer { buffer in
      var next = buffer.baseAddress
      return Int(i2d_TS_REQ(request, &next))
    }
    guard written == count else { throw Self.outOfMemory }
    return bytes
  }

  /// Writes the request to a file, usually *.tsq, atomically.
  public func write(to path: String) throws { try AtomicFile.write(bytes(), to: path) }

  /// OpenSSL's own value, which the caller frees.
  func make() throws -> OpaquePointer {
    guard let request = TS_REQ_new() else { throw Self.outOfMemory }
    do {
      try fill(request)
      return request
    } catch {
      TS_REQ_free(request)
      throw error
    }
  }

  private func fill(_ request: OpaquePointer) throws {
    // OpenSSL copies what it is given, so each part is freed here.
    guard let imprint = TS_MSG_IMPRINT_new() else { throw Self.outOfMemory }
    defer { TS_MSG_IMPRINT_free(imprint) }
    guard let algorithm = X509_ALGOR_new() else { throw Self.outOfMemory }
    defer { X509_ALGOR_free(algorithm) }
    var hash = sha256
    guard X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nil) == 1,
      TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1,
      TS_MSG_IMPRINT_set_msg(imprint, &hash, Int32(hash.count)) == 1,
      TS_REQ_set_version(request, 1) == 1, TS_REQ_set_msg_imprint(request, imprint) == 1,
      TS_REQ_set_cert_req(request, 1) == 1
    else { throw Self.outOfMemory }
    guard let nonce else { return }
    guard let integer = ASN1_INTEGER_new() else { throw Self.outOfMemory }
    defer { ASN1_INTEGER_free(integer) }
    guard ASN1_INTEGER_set_uint64(integer, nonce) == 1, TS_REQ_set_nonce(request, integer) == 1 else {
      throw Self.outOfMemory
    }
  }

  private static let outOfMemory = TimestampError(
    "request", .malformed("OpenSSL could not make it; is there memory left?"))
}
