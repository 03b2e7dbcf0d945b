import Datasets
import Files

/// A client of a service that answers with predictions, in the protocol that TensorFlow Serving and KServe (v1) speak:
/// POST {"instances": [sample, …]}, answered by {"predictions": [class or [score, …], …]}.
///
/// Only http: what is sent are triggers, which the service sees anyway. Nothing is followed, kept or tried again.
public struct PredictionService: Sendable {
  /// In which order the numbers of a sample are nested.
  public enum Layout: String, Sendable, CaseIterable {
    /// [channels][height][width], or [3][points]: as the networks here take them.
    case channelsFirst = "channels_first"
    /// [height][width][channels], or [points][3]: as TensorFlow's networks take them.
    case channelsLast = "channels_last"
  }

  /// What a pixel is sent as. Coordinates of clouds are sent as they are.
  public enum Values: String, Sendable, CaseIterable {
    /// Normalised as for the networks here.
    case normalised
    /// 0…1.
    case unit
    /// 0…255.
    case bytes
  }

  public let address: ServiceAddress
  /// How many samples are sent at once.
  public var batch = 32
  /// How long one batch may take, from connecting to the end of its answer.
  public var timeout = Duration.seconds(30)
  public var layout = Layout.channelsFirst
  public var values = Values.normalised

  /// The longest request and the longest answer, in bytes.
  static let mostBytes = 1 << 26

  /// - Parameter address: http://host:port/path, the whole path of the prediction itself.
  /// - Throws: `ServiceError` for anything else.
  public init(_ address: String) throws { self.address = try ServiceAddress(address) }

  /// The class of each trigger, in their order. Of scores the largest counts, the first of equal ones.
  ///
  /// - Parameters:
  ///   - classes: How many classes there are; the set's own unless given.
  ///   - poll: Called at least every twentieth of a second once the machine is found; what it throws ends the work.
  ///   - observe: Called after each batch with the number of triggers that are done.
  /// - Throws: `ServiceError`, which names what is wrong.
  public func predictions(
    of triggers: TriggerSet, classes: Int? = nil, poll: @escaping () throws -> Void = {},
    observe: (Int) -> Void = { _ in }
  ) throws -> [Int32] {
    let instances = try Instances(triggers, layout: layout, values: values)
    var predictions: [Int32] = []
    for start in stride(from: 0, to: triggers.count, by: max(batch, 1)) {
      try poll()
      let positions = start..<min(start + max(batch, 1), triggers.count)
      guard instances.mostBytes * positions.count <= Self.mostBytes else {
        throw failure(.tooLarge("a request of \(positions.count) samples is longer than \(Self.mostBytes) bytes"))
      }
      let answer = try post(try instances.request(positions), poll)
      predictions += try self.classes(in: answer, count: positions.count, classes: classes ?? triggers.classNames.count)
      observe(positions.upperBound)
    }
    return predictions
  }

  // MARK: HTTP

  private func post(_ body: [UInt8], _ poll: @escaping () throws -> Void) throws -> [UInt8] {
    let connection = try Connection(to: address, timeout: timeout, poll: poll)
    let head = [
      "POST \(address.path) HTTP/1.1", "Host: \(address.hostLine)", "User-Agent: passbook", "Accept: application/json",
      "Accept-Encoding: identity", "Content-Type: application/json", "Content-Length: \(body.count)",
      "Connection: close", "", "",
    ].joined(separator: "\r\n")
    // A service that takes no more may have answered already, such as with 413.
    if try connection.send(Array(head.utf8)) { _ = try connection.send(body) }
    let response: HTTPResponse
    do {
      response = try HTTPResponse(limit: Self.mostBytes, from: connection.receive)
    } catch let refusal as HTTPResponse.Failure {
      switch refusal {
      case .malformed(let why): throw failure(.notHTTP(why))
      case .tooLarge: throw failure(.tooLarge("the answer is longer than \(Self.mostBytes) bytes"))
      }
    }
    switch response.status {
    case 200: return response.body
    case 300..<400: throw failure(.redirect(to: (response.headers["location"] ?? "").shortened))
    default:
      let words = String(decoding: response.body.prefix(1000), as: UTF8.self).shortened
      throw failure(.status(response.status, words))
    }
  }

  // MARK: Answers

  /// The classes in one answer.
  func classes(in body: [UInt8], count: Int, classes: Int) throws -> [Int32] {
    let answer: JSON
    do {
      answer = try JSON(parsing: body)
    } catch {
      throw failure(.notJSON("\(error)".shortened))
    }
    guard case .array(let predictions)? = answer["predictions"] else {
      if case .string(let text)? = answer["error"] {
        throw failure(.notPredictions("it says \"\(text.shortened)\""))
      }
      throw failure(.notPredictions("there is no list \"predictions\""))
    }
    guard predictions.count == count else {
      throw failure(.wrongCount(found: predictions.count, expected: count))
    }
    return try predictions.map { try self.class(of: $0, classes: classes) }
  }

  private func `class`(of prediction: JSON, classes: Int) throws -> Int32 {
    let found: Int
    switch prediction {
    case .integer(let label): found = label
    case .number(let label):
      guard let whole = Int(exactly: label) else { throw failure(.notPredictions("\(label) is no class")) }
      found = whole
    case .array(let scores): found = try largest(of: scores, classes: classes)
    case .object: throw failure(.notPredictions("a prediction is an object; have the service answer with one output"))
    case .string, .boolean, .null:
      throw failure(.notPredictions("a prediction is neither a class nor a list of scores"))
    }
    guard 0..<classes ~= found, let label = Int32(exactly: found) else {
      throw failure(.notPredictions("\(found) is no class; they are 0 to \(classes - 1)"))
    }
    return label
  }

  private func largest(of scores: [JSON], classes: Int) throws -> Int {
    guard scores.count == classes else {
      throw failure(.notPredictions("there are \(scores.count) scores for \(classes) classes"))
    }
    var best: (score: Double, label: Int)?
    for (label, score) in scores.enumerated() {
      let number: Double
      switch score {
      case .integer(let whole): number = Double(whole)
      case .number(let other): number = other
      default: throw failure(.notPredictions("a score is no number"))
      }
      if best.map({ number > $0.score }) ?? true { best = (number, label) }
    }
    return best?.label ?? -1
  }

  private func failure(_ reason: ServiceError.Reason) -> ServiceError {
    ServiceError(address.text.shortened, reason)
  }
}
