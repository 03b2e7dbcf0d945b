import COpenSSL
import Files
import Glibc

/// What a time-stamping authority says of a SHA-256 (RFC 3161, 2.4.2), checked without a network.
///
/// It proves that somebody knew these 32 bytes no later than `seconds`, as far as one trusts the authority's clock and
/// its key: nothing about who it was, and nothing about any earlier moment.
public struct TimestampReply: Equatable, Sendable {
  /// The moment of the stamp by the authority's clock, in seconds since 1970 (UTC), rounded down.
  public let seconds: Int64
  /// The name of the certificate that made the signature, as "CN = …, O = …".
  public let authority: String
  /// The stamp's own number at the authority, in hexadecimal.
  public let serial: String
  /// The rules that the authority follows, as an object identifier in digits and points.
  public let policy: String
  /// How far its clock may be off, in seconds, if the authority says so.
  public let accuracy: Double?
  /// The last second at which the authority's certificate is valid. After it the stamp should be renewed by another,
  /// since nobody guards an old key for ever.
  public let certificateEnd: Int64

  /// Reads a reply (*.tsr) and checks it: the status, the hash, the nonce, the signature, the chain of certificates.
  ///
  /// - Parameters:
  ///   - sha256: The 32 bytes that the stamp must be for.
  ///   - nonce: That of the request, which the reply must repeat; none where the request is gone.
  ///   - trusted: A PEM file of the certificates that the user trusts.
  ///   - moment: When the certificates must be valid, in seconds since 1970; at the time of the stamp unless given.
  ///     The local clock is not asked: it proves nothing, and the result would change with it.
  /// - Throws: `TimestampError`, which names what is wrong; `FileError`.
  public init(
    _ path: String, sha256: [UInt8], nonce: UInt64? = nil, trusted: String, asOf moment: Int64? = nil
  ) throws {
    let bytes = try FileReader.contents(of: path, limit: Self.mostBytes)
    try self.init(
      bytes, path: path, request: TimestampRequest(sha256: sha256, nonce: nonce),
      trusted: TrustedCertificates(contentsOf: trusted), asOf: moment)
  }

  static let mostBytes = 1 << 20

  init(
    _ bytes: [UInt8], path: String, request: TimestampRequest, trusted: TrustedCertificates, asOf moment: Int64? = nil
  ) throws {
    try DER.checkLength(of: bytes, path: path)
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let response = DER.parse(bytes, with: { d2i_TS_RESP(nil, $0, $1) }) else {
      throw TimestampError(path, .notDER("it is no reply, or one that was changed"))
    }
    defer { TS_RESP_free(response) }
    try Self.checkStatus(of: response, path: path)
    guard let token = TS_RESP_get_token(response), let information = TS_RESP_get_tst_info(response) else {
      throw TimestampError(path, .malformed("it was granted, and has no time stamp"))
    }
    guard let seconds = Self.seconds(TS_TST_INFO_get_time(information)) else {
      throw TimestampError(path, .malformed("its time is none"))
    }
    trusted.ask(asOf: moment ?? seconds)
    try Self.verify(response, request, trusted, path: path)
    let digest = passbook_digest(token)
    guard [NID_sha256, NID_sha384, NID_sha512, NID_sha3_256, NID_sha3_384, NID_sha3_512].contains(digest) else {
      throw TimestampError(path, .weakDigest(OBJ_nid2sn(digest).map { String(cString: $0) } ?? "an unknown digest"))
    }
    guard let signer = passbook_signer(token, trusted.list), let authority = Self.name(of: signer),
      let serial = DER.hexadecimal(TS_TST_INFO_get_serial(information)),
      let policy = DER.objectName(TS_TST_INFO_get_policy_id(information)),
      let end = Self.seconds(X509_get0_notAfter(signer))
    else { throw TimestampError(path, .malformed("a name, a number or the policy is missing")) }
    self.seconds = seconds
    self.authority = authority
    self.serial = serial
    self.policy = policy
    accuracy = Self.accuracy(of: information)
    certificateEnd = end
  }

  /// The moment as "2026-11-29 23:47:40 UTC".
  public var time: String { Self.text(seconds) }

  /// What the stamp says, and what it does not, in plain words.
  public var meaning: String {
    let within = accuracy.map { ", within \($0) s" } ?? ""
    return "\(authority) says that this SHA-256 existed at \(time)\(within). "
      + "It does not say who had it, nor since when."
  }

  /// Seconds since 1970 as "2026-11-29 23:47:40 UTC".
  public static func text(_ seconds: Int64) -> String {
    var (moment, parts) = (time_t(seconds), tm())
    guard gmtime_r(&moment, &parts) != nil else { return "\(seconds) s after 1970" }
    func digits(_ number: Int32, _ count: Int = 2) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(count - text.count, 0)) + text
    }
    return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday)) "
      + "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec)) UTC"
  }

  // MARK: Parts

  private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    let seconds = timegm(&parts)
    return seconds == -1 ? nil : Int64(seconds)
  }

  /// "CN = Test, O = Somebody", with characters that a terminal would obey escaped.
  private static func name(of certificate: OpaquePointer) -> String? {
    guard let text = BIO_new(BIO_s_mem()) else { return nil }
    defer { BIO_free(text) }
    guard passbook_print_name(text, X509_get_subject_name(certificate)) > 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let length = Int(BIO_read(text, &buffer, Int32(buffer.count)))
    return length > 0 ? String(decoding: buffer[..<length], as: UTF8.self) : nil
  }

  private static func accuracy(of information: OpaquePointer) -> Double? {
    guard let accuracy = TS_TST_INFO_get_accuracy(information) else { return nil }
    let whole = DER.integer(TS_ACCURACY_get_seconds(accuracy)) ?? 0
    let thousandths = DER.integer(TS_ACCURACY_get_millis(accuracy)) ?? 0
    let millionths = DER.integer(TS_ACCURACY_get_micros(accuracy)) ?? 0
    return Double(whole) + Double(thousandths) / 1e3 + Double(millionths) / 1e6
  }
}
