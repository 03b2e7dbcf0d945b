import COpenSSL

extension TimestampReply {
  /// Refuses a reply that grants nothing, with the authority's own words.
  static func checkStatus(of response: OpaquePointer, path: String) throws {
    guard let status = TS_RESP_get_status_info(response),
      let number = DER.integer(TS_STATUS_INFO_get0_status(status))
    else { throw TimestampError(path, .malformed("it has no status")) }
    // 0: granted; 1: granted with changes, which the checks that follow would show.
    guard number != 0, number != 1 else { return }
    let name =
      switch number {
      case 2: "rejected"
      case 3: "waiting"
      case 4: "revocation of its certificate is near"
      case 5: "its certificate was revoked"
      default: "status \(number)"
      }
    let texts = (0..<max(passbook_texts(status), 0)).compactMap { passbook_text(status, $0).map(DER.bytes) }
    let text = texts.map { plain(String(decoding: $0, as: UTF8.self)) }.joined(separator: " ")
    throw TimestampError(path, .notGranted(status: name, text: String(text.prefix(500))))
  }

  /// Without characters that a terminal would obey.
  private static func plain(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  /// RFC 3161's checks by OpenSSL: version, hash, nonce, the authority's name, its signature, its certificates.
  static func verify(
    _ response: OpaquePointer, _ request: TimestampRequest, _ trusted: TrustedCertificates, path: String
  ) throws {
    let asked = try request.make()
    defer { TS_REQ_free(asked) }
    guard let context = TS_REQ_to_TS_VERIFY_CTX(asked, nil) else {
      throw TimestampError(path, .malformed("OpenSSL cannot check it"))
    }
    // The context frees a share of the store and a list of its own.
    defer { TS_VERIFY_CTX_free(context) }
    TS_VERIFY_CTX_add_flags(context, Int32(TS_VFY_SIGNATURE))
    X509_STORE_up_ref(trusted.store)
    TS_VERIFY_CTX_set_store(context, trusted.store)
    TS_VERIFY_CTX_set_certs(context, X509_chain_up_ref(trusted.list))
    ERR_clear_error()
    guard TS_RESP_verify_response(context, response) == 1 else { throw TimestampError(path, reason()) }
  }

  /// What OpenSSL left in its queue of errors, by name; several may stand there, and the first of RFC 3161's counts.
  private static func reason() -> TimestampError.Reason {
    var (data, flags) = (UnsafePointer<CChar>?.none, Int32(0))
    var words = "OpenSSL refuses it"
    while case let code = ERR_get_error_all(nil, nil, nil, &data, &flags), code != 0 {
      if let text = ERR_reason_error_string(code) { words = String(cString: text) }
      if ERR_GET_LIB(code) == ERR_LIB_PKCS7, ERR_GET_REASON(code) == PKCS7_R_SIGNER_CERTIFICATE_NOT_FOUND {
        return .untrusted("the reply does not bring the certificate that it is signed with")
      }
      guard ERR_GET_LIB(code) == ERR_LIB_TS else { continue }
      switch ERR_GET_REASON(code) {
      case TS_R_MESSAGE_IMPRINT_MISMATCH: return .otherHash
      case TS_R_NONCE_MISMATCH, TS_R_NONCE_NOT_RETURNED: return .otherRequest
      case TS_R_SIGNATURE_FAILURE: return .wrongSignature
      case TS_R_CERTIFICATE_VERIFY_ERROR:
        let detail = data.map { String(cString: $0) }?.split(separator: ":").last.map(String.init) ?? words
        let isExpired = [X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID].contains {
          X509_verify_cert_error_string(Int($0)).map { String(cString: $0) } == detail
        }
        return isExpired ? .expired(detail) : .untrusted(detail)
      case TS_R_ESS_SIGNING_CERTIFICATE_ERROR: return .untrusted("the certificate is not the one that it names")
      default: continue
      }
    }
    return .malformed(words)
  }
}
