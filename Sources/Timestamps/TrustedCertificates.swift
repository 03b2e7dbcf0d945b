import COpenSSL
import Files

/// The certificates that a user trusts, from a PEM file: those of authorities, or of who stands behind them.
///
/// Each of them is taken as trusted by itself, a root or not: who puts one into the file says so. Revocation is not
/// looked up, since that needs a network.
final class TrustedCertificates {
  private static let mostBytes = 1 << 20
  private static let mostCertificates = 1000

  /// OpenSSL's store and list of the same certificates.
  let store: OpaquePointer
  let list: OpaquePointer

  init(contentsOf path: String) throws {
    let bytes = try FileReader.contents(of: path, limit: Self.mostBytes)
    defer { ERR_clear_error() }
    guard let store = X509_STORE_new() else { throw TimestampError(path, .noCertificates) }
    guard let list = passbook_certificates_new() else {
      X509_STORE_free(store)
      throw TimestampError(path, .noCertificates)
    }
    self.store = store
    self.list = list
    var count = 0
    bytes.withUnsafeBytes { buffer in
      guard let text = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return }
      defer { BIO_free(text) }
      while count < Self.mostCertificates, let certificate = passbook_next_certificate(text) {
        // The store takes a share of its own, the list takes this one.
        guard X509_STORE_add_cert(store, certificate) == 1, passbook_certificates_push(list, certificate) > 0 else {
          X509_free(certificate)
          return
        }
        count += 1
      }
    }
    // Behind the last one OpenSSL finds no further start; anything else is a certificate that it cannot read.
    guard count > 0, ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE else {
      throw TimestampError(path, .noCertificates)
    }
  }

  deinit {
    X509_STORE_free(store)
    passbook_certificates_free(list)
  }

  /// Asks for the certificates as they stood at a moment, in seconds since 1970, and for keys and digests of at least
  /// 112 bits (OpenSSL's level 2), which SHA-1 is not.
  func ask(asOf moment: Int64) {
    let parameters = X509_STORE_get0_param(store)
    X509_VERIFY_PARAM_set_time(parameters, time_t(moment))
    X509_VERIFY_PARAM_set_auth_level(parameters, 2)
    X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
  }
}
