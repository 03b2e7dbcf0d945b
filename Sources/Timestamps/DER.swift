import COpenSSL

/// What requests and replies have in common: one value in DER that fills its file.
enum DER {
  /// Refuses what is no sequence, or shorter or longer than its first bytes say, before OpenSSL sees it.
  static func checkLength(of bytes: [UInt8], path: String) throws {
    guard let first = bytes.first else { throw TimestampError(path, .notDER("the file is empty")) }
    guard first == 0x30 else { throw TimestampError(path, .notDER("it does not start with a sequence")) }
    guard bytes.count >= 2 else { throw TimestampError(path, .truncated(found: bytes.count, expected: 2)) }
    var (length, start) = (Int(bytes[1]), 2)
    if length >= 0x80 {
      let digits = length - 0x80
      guard 1...4 ~= digits else { throw TimestampError(path, .notDER("the length is in no form that DER has")) }
      start += digits
      guard bytes.count >= start else { throw TimestampError(path, .truncated(found: bytes.count, expected: start)) }
      length = bytes[2..<start].reduce(0) { $0 << 8 | Int($1) }
    }
    guard bytes.count >= start + length else {
      throw TimestampError(path, .truncated(found: bytes.count, expected: start + length))
    }
    guard bytes.count == start + length else {
      throw TimestampError(path, .notDER("\(bytes.count - start - length) bytes stand behind its end"))
    }
  }

  /// Runs one of OpenSSL's readers over all bytes; nil where it refuses them or leaves some.
  static func parse(
    _ bytes: [UInt8], with reader: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
  ) -> OpaquePointer? {
    bytes.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return reader(&next, buffer.count)
    }
  }

  /// The bytes of a string of OpenSSL's.
  static func bytes(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
    guard let start = ASN1_STRING_get0_data(string) else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: max(Int(ASN1_STRING_length(string)), 0)))
  }

  static func bytes(_ string: UnsafeMutablePointer<ASN1_STRING>) -> [UInt8] { bytes(UnsafePointer(string)) }

  /// The number in hexadecimal, as `openssl ts -reply -text` shows it; nil where there is none.
  static func hexadecimal(_ integer: UnsafePointer<ASN1_INTEGER>?) -> String? {
    guard let integer, let number = ASN1_INTEGER_to_BN(integer, nil) else { return nil }
    defer { BN_free(number) }
    guard let text = BN_bn2hex(number) else { return nil }
    defer { CRYPTO_free(text, "", 0) }
    return "0x" + String(cString: text)
  }

  /// The number, where an `Int64` holds it.
  static func integer(_ integer: UnsafePointer<ASN1_INTEGER>?) -> Int64? {
    var value: Int64 = 0
    guard let integer, ASN1_INTEGER_get_int64(&value, integer) == 1 else { return nil }
    return value
  }

  /// An object's name in digits and points, such as 1.2.3.4.1; nil where there is none.
  static func objectName(_ object: OpaquePointer?) -> String? {
    guard let object else { return nil }
    var buffer = [CChar](repeating: 0, count: 256)
    let length = Int(OBJ_obj2txt(&buffer, Int32(buffer.count), object, 1))
    guard length > 0 else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
