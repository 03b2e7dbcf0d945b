import Tensors

/// Why a service gave no predictions: one case a reason.
public struct ServiceError: ExplainedError, Equatable {
  public enum Reason: Equatable, Sendable {
    /// The address is none that is spoken here; in words why.
    case address(String)
    /// Its name leads to no machine.
    case unknownHost
    /// The machine refuses connections, or cannot be reached; in words why.
    case refused(String)
    /// There was no answer within so many seconds.
    case timeout(Double)
    /// The service sends the caller elsewhere.
    case redirect(to: String)
    /// It answered with another status than 200, and what it said.
    case status(Int, String)
    /// The answer is no HTTP, or ends early; in words why.
    case notHTTP(String)
    /// A request or an answer is larger than this tool sends or takes.
    case tooLarge(String)
    /// The answer is no JSON; in words why.
    case notJSON(String)
    /// The JSON is not {"predictions": [a class or a list of scores, …]}; in words why.
    case notPredictions(String)
    /// So many predictions came for so many triggers.
    case wrongCount(found: Int, expected: Int)
  }

  /// The address as it was given.
  public let address: String
  public let reason: Reason

  init(_ address: String, _ reason: Reason) {
    self.address = address
    self.reason = reason
  }

  /// Whether it is what was asked that the service does not take, and not that nobody answers.
  public var isOfTheRequest: Bool {
    switch reason {
    case .status, .tooLarge: true
    default: false
    }
  }

  public var message: String { "\(address): \(words)" }

  private var words: String {
    switch reason {
    case .address(let why): why
    case .unknownHost: "there is no machine of that name"
    case .refused(let why): "the connection fails: \(why)"
    case .timeout(let seconds): "there was no answer within \(seconds) s"
    case .redirect(let place): "the service sends elsewhere, to \(place.isEmpty ? "no address" : place)"
    case .status(let code, let text): "the service answers with status \(code)\(text.isEmpty ? "" : ": \(text)")"
    case .notHTTP(let why): "the answer is no HTTP: \(why)"
    case .tooLarge(let why): why
    case .notJSON(let why): "the answer is no JSON: \(why)"
    case .notPredictions(let why): "the answer holds no predictions: \(why)"
    case .wrongCount(let found, let expected): "\(found) predictions came for \(expected) triggers"
    }
  }

  public var help: String? {
    switch reason {
    case .address: "write http://host:port/path, such as http://127.0.0.1:8501/v1/models/suspect:predict"
    case .unknownHost: "check the spelling, or give the number of the machine"
    case .refused: "start the service, and check its port"
    case .timeout: "ask for fewer at once with batch:, or wait longer with timeout:"
    case .redirect: "give that address if you trust it; none is followed by itself"
    case .status(404, _): "check the path; TensorFlow Serving and KServe have /v1/models/NAME:predict"
    case .status: "the service's own log may say more"
    case .notHTTP: "is this the port of an HTTP service, and not of another protocol?"
    case .tooLarge: "ask for fewer at once with batch:"
    case .notJSON, .notPredictions:
      "expected {\"predictions\": [...]} with a class or a list of scores each, as TensorFlow Serving and KServe answer"
    case .wrongCount: "the service must answer with one prediction for each instance"
    }
  }
}

extension String {
  /// The start of what a service said, without characters that a terminal would obey.
  var shortened: String {
    let scalars = unicodeScalars.prefix(200).map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: " "
      default: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
