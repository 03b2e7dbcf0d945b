import Files
import Foundation
import Testing

@testable import Notebook

/// What an editor does with a TextMate grammar, line by line: the earliest match wins, then the first in order.
final class GrammarInterpreter {
  private indirect enum Rule {
    case match(NSRegularExpression, name: String?, captures: [Int: String])
    case span(Span)
    case group([Rule])
    case include(String)
  }

  private final class Span {
    let begin: NSRegularExpression
    let end: NSRegularExpression
    let name: String?
    let marks: (begin: [Int: String], end: [Int: String])
    var patterns: [Rule] = []

    init(begin: NSRegularExpression, end: NSRegularExpression, name: String?, marks: ([Int: String], [Int: String])) {
      self.begin = begin
      self.end = end
      self.name = name
      self.marks = marks
    }
  }

  private var repository: [String: Rule] = [:]
  private var root: [Rule] = []

  init(_ grammar: JSON) throws {
    guard case .object(let members)? = grammar["repository"] else { throw CocoaError(.formatting) }
    for member in members { repository[member.name] = try Self.rule(member.value) }
    root = try Self.rules(grammar["patterns"])
  }

  private static func rules(_ json: JSON?) throws -> [Rule] {
    guard case .array(let rules)? = json else { return [] }
    return try rules.map(rule)
  }

  private static func rule(_ json: JSON) throws -> Rule {
    if case .string(let name)? = json["include"] { return .include(String(name.dropFirst())) }
    let name: String? = if case .string(let name)? = json["name"] { name } else { nil }
    if case .string(let pattern)? = json["match"] {
      return .match(try NSRegularExpression(pattern: pattern), name: name, captures: captures(json["captures"]))
    }
    guard case .string(let begin)? = json["begin"], case .string(let end)? = json["end"] else {
      return .group(try rules(json["patterns"]))
    }
    let span = Span(
      begin: try NSRegularExpression(pattern: begin), end: try NSRegularExpression(pattern: end), name: name,
      marks: (captures(json["beginCaptures"]), captures(json["endCaptures"])))
    span.patterns = try rules(json["patterns"])
    return .span(span)
  }

  private static func captures(_ json: JSON?) -> [Int: String] {
    guard case .object(let members)? = json else { return [:] }
    var captures: [Int: String] = [:]
    for member in members {
      if case .string(let name)? = member.value["name"], let index = Int(member.name) { captures[index] = name }
    }
    return captures
  }

  /// The class of every UTF-16 unit of a text.
  func classes(of text: String) -> [HighlightClass?] {
    var stack: [Span] = []
    return text.components(separatedBy: "\n").enumerated().flatMap { index, line in
      (index == 0 ? [] : [nil]) + classes(ofLine: line + "\n", &stack).dropLast()
    }
  }

  private func classes(ofLine line: String, _ stack: inout [Span]) -> [HighlightClass?] {
    let length = (line as NSString).length
    var scopes = [String?](repeating: nil, count: length)
    func paint(_ range: NSRange, _ scope: String?) {
      if let scope, range.location != NSNotFound {
        for index in range.location..<NSMaxRange(range) { scopes[index] = scope }
      }
    }
    func paint(_ match: NSTextCheckingResult, _ captures: [Int: String]) {
      for (index, scope) in captures.sorted(by: { $0.key < $1.key }) { paint(match.range(at: index), scope) }
    }
    var position = 0
    while position < length {
      let rules = flattened(stack.last?.patterns ?? root)
      var best: (match: NSTextCheckingResult, rule: Rule?)?
      func consider(_ expression: NSRegularExpression, _ rule: Rule?) {
        let range = NSRange(location: position, length: length - position)
        let options: NSRegularExpression.MatchingOptions = [.withTransparentBounds, .withoutAnchoringBounds]
        guard let match = expression.firstMatch(in: line, options: options, range: range) else { return }
        if match.range.location < best?.match.range.location ?? .max { best = (match, rule) }
      }
      if let end = stack.last?.end { consider(end, nil) }
      for rule in rules {
        switch rule {
        case .match(let expression, _, _): consider(expression, rule)
        case .span(let span): consider(span.begin, rule)
        case .group, .include: break
        }
      }
      guard let (match, rule) = best else {
        paint(NSRange(location: position, length: length - position), stack.last?.name)
        break
      }
      paint(NSRange(location: position, length: match.range.location - position), stack.last?.name)
      switch rule {
      case nil:
        paint(match.range, stack.last?.name)
        paint(match, stack.removeLast().marks.end)
      case .match(_, let name, let captures):
        paint(match.range, name ?? stack.last?.name)
        paint(match, captures)
      case .span(let span):
        paint(match.range, span.name ?? stack.last?.name)
        paint(match, span.marks.begin)
        stack.append(span)
      default: break
      }
      // An end of no length leaves the position where it is, and there are only so many to leave.
      position = NSMaxRange(match.range)
      if match.range.length == 0, rule != nil { position += 1 }
    }
    return scopes.map { $0.flatMap(Self.kind) }
  }

  private func flattened(_ rules: [Rule]) -> [Rule] {
    rules.flatMap { rule -> [Rule] in
      switch rule {
      case .include(let name): flattened(repository[name].map { [$0] } ?? [])
      case .group(let rules): flattened(rules)
      default: [rule]
      }
    }
  }

  private static let kinds: [(scope: String, kind: HighlightClass)] = [
    ("entity.name.section", .header), ("markup.quote", .markdown), ("keyword.control.directive", .magic),
    ("keyword.other.help", .help), ("comment.line.output", .output), ("comment.line.documentation", .documentation),
    ("comment.line.number-sign", .comment), ("string.quoted", .string), ("constant.character.escape", .string),
    ("punctuation.section.embedded", .interpolation), ("constant.other.format", .interpolation),
    ("constant.numeric", .number), ("keyword.operator", .operator), ("keyword", .keyword),
    ("constant.language", .keyword), ("support.function", .call), ("entity.name.function", .call),
    ("variable.parameter", .label),
  ]

  private static func kind(_ scope: String) -> HighlightClass? { kinds.first { scope.hasPrefix($0.scope) }?.kind }
}
