/// Why a time stamp, a request for one, or a file of certificates proves nothing: one case a reason.
public struct TimestampError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    /// The bytes are no request or reply; in words why.
    case notDER(String)
    /// The file ends before the length that its first bytes say.
    case truncated(found: Int, expected: Int)
    /// The authority gave no stamp: the status in words, and what it wrote.
    case notGranted(status: String, text: String)
    /// The stamp is for something else than the hash that was asked about.
    case otherHash
    /// The stamp answers another request than the one given.
    case otherRequest
    /// The signature is not that of the certificate that it names.
    case wrongSignature
    /// The signature is made with a digest that can be forged, such as SHA-1.
    case weakDigest(String)
    /// No trusted certificate stands behind the authority's; OpenSSL's words.
    case untrusted(String)
    /// A certificate was not valid at the time of the stamp, or at the time asked about.
    case expired(String)
    /// The file of trusted certificates has none, or one that cannot be read.
    case noCertificates
    /// Anything else that RFC 3161 does not allow.
    case malformed(String)
  }

  /// The file as it was named.
  public let path: String
  public let reason: Reason

  init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  public var description: String {
    switch reason {
    case .notDER(let why):
      "\(path): this is no RFC 3161 file in DER: \(why); give the file as the authority sent it"
    case .truncated(let found, let expected):
      "\(path): the file is cut off at byte \(found) of \(expected); fetch it again"
    case .notGranted(let status, let text):
      "\(path): the authority gave no time stamp: \(status)\(text.isEmpty ? "" : ", \"\(text)\""); ask again"
    case .otherHash: "\(path): the time stamp is for another SHA-256 than this one"
    case .otherRequest: "\(path): the reply answers another request: its nonce is not the one that was sent"
    case .wrongSignature: "\(path): the signature is wrong: the reply was changed after it was signed"
    case .weakDigest(let name):
      "\(path): the signature is made with \(name), which can be forged; ask an authority that signs with SHA-256"
    case .untrusted(let why):
      "\(path): none of the trusted certificates stands behind this authority: \(why); "
        + "add the authority's root certificate to them if you trust it"
    case .expired(let why):
      "\(path): a certificate of the authority was not valid at that time: \(why)"
    case .noCertificates:
      "\(path): expected certificates in PEM (-----BEGIN CERTIFICATE-----); there is none, or one is damaged"
    case .malformed(let why): "\(path): the reply breaks RFC 3161: \(why)"
    }
  }
}
