import Networks
import Passports
import Tensors
import Testing

struct SignatureTests {
  private let layers = [(path: "a", channels: 12), (path: "b", channels: 16)]

  @Test func bitsOfATextStandMostSignificantFirst() {
    #expect(Signature.signs(of: "A") == [-1, 1, -1, -1, -1, -1, -1, 1])
    #expect(Signature.signs(of: "é").count == 16)
  }

  @Test func aTextSpreadsOverLayersInOrder() throws {
    let signatures = try Signature.write("Abc", texts: [:], over: layers, seed: 1)
    let bits = Signature.signs(of: "Abc")
    #expect(signatures["a"]?.signs == Array(bits[..<12]))
    #expect(signatures["b"].map { Array($0.signs[..<12]) } == Array(bits[12...]))
    #expect(signatures["b"]?.signs.allSatisfy { abs($0) == 1 } == true)
    #expect(signatures["b"]?.signs.count == 16)
  }

  @Test func aLayerWithATextOfItsOwnTakesNoPart() throws {
    let signatures = try Signature.write("xy", texts: ["a": "A"], over: layers, seed: 1)
    #expect(signatures["a"].map { Array($0.signs[..<8]) } == Signature.signs(of: "A"))
    #expect(signatures["b"]?.signs == Signature.signs(of: "xy"))
  }

  @Test func mistakes() {
    #expect(throws: NetworkError(
      "passport: the text takes 32 bits, and the layers hold 28", help: "shorten it to 3 bytes, or protect more layers")
    ) { _ = try Signature.write("four", texts: [:], over: layers, seed: 1) }
    #expect(throws: NetworkError(
      "passport: the text for a takes 16 bits, and the layer holds 12", help: "shorten it to 1 byte")
    ) { _ = try Signature.write(nil, texts: ["a": "no"], over: layers, seed: 1) }
    #expect(throws: NetworkError(
      "passport: there is no passport layer named 'c'", help: "the layers are a, b")
    ) { _ = try Signature.write(nil, texts: ["c": "no"], over: layers, seed: 1) }
  }

  @Test func zeroHasNoSign() throws {
    let signature = Signature(signs: [1, -1, 1, -1])
    #expect(signature.matches(try Tensor([2, 3, 0, -1], shape: [4])) == 2)
  }
}
