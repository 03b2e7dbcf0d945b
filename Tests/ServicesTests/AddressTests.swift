import Testing

@testable import Services

@Suite struct AddressTests {
  @Test func partsOfAnAddress() throws {
    let address = try ServiceAddress("http://host-1.example:8501/v1/models/a:predict?x=1")
    #expect(address.host == "host-1.example" && address.port == 8501 && address.path == "/v1/models/a:predict?x=1")
    let bare = try ServiceAddress("HTTP://127.0.0.1")
    #expect(bare.host == "127.0.0.1" && bare.port == 80 && bare.path == "/" && bare.hostLine == "127.0.0.1")
    let six = try ServiceAddress("http://[::1]:9?q")
    #expect(six.host == "::1" && six.port == 9 && six.path == "/?q" && six.hostLine == "[::1]:9")
  }

  @Test(arguments: [
    "https://host/", "ftp://host/", "http://", "http:///path", "http://host:0/", "http://host:65536/", "http://host:/",
    "http://me:secret@host/", "http://host/a b", "http://host/\r\nX: y", "http://[::1/", "http://[::1]8/",
    "http://[x]/", "http://ho!st/", "http://host/#a", "http://hóst/",
  ])
  func whatIsNoAddress(text: String) throws {
    #expect {
      _ = try ServiceAddress(text)
    } throws: { error in
      guard case .address? = (error as? ServiceError)?.reason else { return false }
      return !"\(error)".contains("secret")
    }
  }

  @Test func pathsAreNoAddresses() {
    #expect(ServiceAddress.isAddress("http://a") && ServiceAddress.isAddress("https://a"))
    #expect(!ServiceAddress.isAddress("predictions.csv") && !ServiceAddress.isAddress("http.csv"))
  }
}
