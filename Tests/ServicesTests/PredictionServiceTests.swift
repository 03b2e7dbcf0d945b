import Datasets
import Files
import Foundation
import Testing

@testable import Services

@Suite struct PredictionServiceTests {
  /// Seven pictures of two by two pixels, of which number k is all 10 k, with labels 0, 1, 2, 0, ….
  private func triggers() throws -> TriggerSet {
    try TriggerSet(
      labelled: ImageSet(
        pixels: (0..<7).flatMap { [UInt8](repeating: UInt8(10 * $0), count: 12) },
        labels: (0..<7).map { Int32($0 % 3) },
        channels: 3, height: 2, width: 2, classNames: ["a", "b", "c"]))
  }

  /// The reason why one ends without predictions.
  private func refusal(
    _ service: PredictionService, poll: @escaping () throws -> Void = {}
  ) throws -> ServiceError.Reason? {
    do {
      _ = try service.predictions(of: triggers(), poll: poll)
      return nil
    } catch let error as ServiceError {
      return error.reason
    }
  }

  private func refusal(_ reply: String) throws -> ServiceError.Reason? {
    let fake = try FakeService { _, _ in Array(reply.utf8) }
    return try fake.ask { try refusal($0) }
  }

  @Test func batchesGoOutAndClassesComeBack() throws {
    // Says of each picture its number modulo 3, in scores.
    let fake = try FakeService { head, body in
      guard head.hasPrefix("POST /v1/models/suspect:predict HTTP/1.1\r\n"),
        case .array(let instances)? = (try? JSON(parsing: body))?["instances"]
      else { return FakeService.reply("no", status: "400 Bad Request") }
      let classes = instances.map { instance -> Int in
        guard case .array(let rows) = instance, case .array(let pixels)? = rows.first,
          case .array(let colours)? = pixels.first, case .integer(let red)? = colours.first, colours.count == 3
        else { return -1 }
        return red / 10 % 3
      }
      let scores = classes.map { label in
        "[\((0..<3).map { $0 == label ? "0.75" : "-1e-3" }.joined(separator: ", "))]"
      }
      return FakeService.reply("{\"predictions\": [\(scores.joined(separator: ","))]}")
    }
    var done: [Int] = []
    let found = try fake.ask { service in
      var service = service
      service.batch = 3
      service.layout = .channelsLast
      service.values = .bytes
      return try service.predictions(of: triggers(), observe: { done.append($0) })
    }
    #expect(found == [0, 1, 2, 0, 1, 2, 0])
    #expect(done == [3, 6, 7])
  }

  @Test func samplesAreNestedAsAsked() throws {
    let image = try ImageSet(
      pixels: [0, 51, 102, 153, 204, 255], labels: [0], channels: 3, height: 1, width: 2, classNames: ["a"])
    func text(
      _ set: TriggerSet, _ layout: PredictionService.Layout, _ values: PredictionService.Values
    ) throws -> String {
      String(decoding: try Instances(set, layout: layout, values: values).request(0..<1), as: UTF8.self)
    }
    let images = try TriggerSet(labelled: image)
    #expect(
      try text(images, .channelsFirst, .bytes) == "{\"instances\":[[[[0,51]],[[102,153]],[[204,255]]]]}")
    #expect(
      try text(images, .channelsLast, .bytes) == "{\"instances\":[[[[0,102,204],[51,153,255]]]]}")
    #expect(
      try text(images, .channelsFirst, .unit) == "{\"instances\":[[[[0,0.2]],[[0.4,0.6]],[[0.8,1]]]]}")
    let clouds = try TriggerSet(
      labelled: PointSet(coordinates: [1, 2, 3, 4, 5, 6.5], labels: [0], pointCount: 2, classNames: ["a"]))
    #expect(try text(clouds, .channelsFirst, .normalised) == "{\"instances\":[[[1,4],[2,5],[3,6.5]]]}")
    #expect(try text(clouds, .channelsLast, .normalised) == "{\"instances\":[[[1,2,3],[4,5,6.5]]]}")
  }

  @Test func classesInChunksAndToTheEnd() throws {
    let predictions = "{\"predictions\":[0,1,2,2.0,1,0,0]}"
    let chunks = predictions.map { "1\r\n\($0)\r\n" }.joined() + "0\r\nX-Last: yes\r\n\r\n"
    for reply in [
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\(chunks)", "HTTP/1.0 200 OK\r\n\r\n\(predictions)",
      "HTTP/1.1 100 Continue\r\n\r\n"
        + "HTTP/1.1 200 OK\r\nContent-Length:  \(predictions.utf8.count) \r\n\r\n\(predictions)",
    ] {
      let fake = try FakeService { _, _ in Array(reply.utf8) }
      let found = try fake.ask { try $0.predictions(of: triggers()) }
      #expect(found == [0, 1, 2, 2, 1, 0, 0])
    }
  }

  @Test func eachFaultOfAnAnswerIsNamed() throws {
    func body(_ text: String) -> String { String(decoding: FakeService.reply(text), as: UTF8.self) }
    #expect(try refusal("") == .notHTTP("it ends early"))
    #expect(try refusal("SSH-2.0-OpenSSH\r\n") == .notHTTP("it starts with \"SSH-2.0-OpenSSH\""))
    #expect(try refusal("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{") == .notHTTP("it ends early"))
    #expect(try refusal("HTTP/1.1 404 Not Found\r\n\r\nno\u{1B}[2J") == .status(404, "no [2J"))
    #expect(
      try refusal("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n")
        == .redirect(to: "http://elsewhere/"))
    guard case .notJSON = try refusal(body("<html>")) else {
      Issue.record("a page counts as JSON")
      return
    }
    #expect(try refusal(body("{\"error\": \"no such model\"}")) == .notPredictions("it says \"no such model\""))
    #expect(try refusal(body("{\"predictions\": [0, 1]}")) == .wrongCount(found: 2, expected: 7))
    #expect(
      try refusal(body("{\"predictions\": [0, 1, 2, 3, 0, 1, 2]}"))
        == .notPredictions("3 is no class; they are 0 to 2"))
    #expect(
      try refusal(body("{\"predictions\": [[0, 1], 1, 2, 2, 0, 1, 2]}"))
        == .notPredictions("there are 2 scores for 3 classes"))
    #expect(
      try refusal("HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n")
        == .tooLarge("the answer is longer than 67108864 bytes"))
  }

  @Test func nobodyListens() throws {
    // Port 1 is tcpmux's, which nothing has run for decades.
    #expect(try refusal(PredictionService("http://127.0.0.1:1/")) == .refused("nobody listens at that port"))
  }

  @Test func aServiceThatSaysNothingEndsAtTheTimeout() throws {
    let fake = try FakeService { _, _ in
      sleep(2)
      return []
    }
    let reason = try fake.ask { service in
      var service = service
      service.timeout = .milliseconds(200)
      return try refusal(service)
    }
    #expect(reason == .timeout(0.2))
  }

  @Test func thePollStopsTheWait() throws {
    struct Stop: Error {}
    let fake = try FakeService { _, _ in
      sleep(2)
      return []
    }
    let start = ContinuousClock.now
    #expect(throws: Stop.self) {
      try fake.ask { service in
        try service.predictions(
          of: triggers(),
          poll: { if ContinuousClock.now - start > .milliseconds(100) { throw Stop() } })
      }
    }
    #expect(ContinuousClock.now - start < .seconds(2))
  }
}
