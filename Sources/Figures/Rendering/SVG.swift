/// Drawings as SVG 1.1 files: self-contained, the same bytes for the same figure, light or dark as the reader's page.
public enum SVG {
  /// The whole file, which can also stand inside an HTML page.
  public static func render(_ drawing: Drawing) -> String {
    let (width, height) = (number(drawing.width), number(drawing.height))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pb-figure\" role=\"img\" width=\"\(width)\""
        + " height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\">",
      "<title>\(escaped(drawing.title))</title>",
      "<style>\(style)</style>",
    ]
    lines += drawing.marks.map(element)
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// At most two decimals, no trailing zeros, never an exponent.
  static func number(_ value: Double) -> String {
    guard value.isFinite, let hundredths = Int(exactly: (min(max(value, -1e9), 1e9) * 100).rounded()) else {
      return "0"
    }
    let text = String(hundredths.magnitude / 100)
    let rest = hundredths.magnitude % 100
    let decimals = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : ".\(rest < 10 ? "0" : "")\(rest)"
    return (hundredths < 0 ? "-" : "") + text + decimals
  }

  /// Text as XML takes it; what XML 1.0 does not allow is left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result += " "
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": continue
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  // MARK: Colours

  /// Inks are classes, so that a dark page changes them all; `.pb-figure` keeps them from the page around.
  private static let style: String = {
    func rules(_ palette: Palette) -> String {
      let inks: [Drawing.Ink] = [.text, .muted, .grid, .background] + palette.series.indices.map { .series($0) }
      return inks.map { ink in
        let (name, colour) = (className(ink, count: palette.series.count), palette.colour(ink).hexadecimal)
        return ".pb-figure .\(name){fill:\(colour);stroke:\(colour)}"
      }.joined()
    }
    return rules(.light) + "@media(prefers-color-scheme:dark){\(rules(.dark))}"
      + ".pb-figure text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif}"
      + ".pb-figure .f{stroke:none}.pb-figure .l{fill:none}.pb-figure image{image-rendering:pixelated}"
  }()

  private static func className(_ ink: Drawing.Ink, count: Int) -> String {
    switch ink {
    case .text: "t"
    case .muted: "m"
    case .grid: "g"
    case .background: "b"
    case .series(let index): "s\(((index % count) + count) % count)"
    case .colour: ""
    }
  }

  /// The attributes of a filled or a stroked form.
  private static func paint(_ ink: Drawing.Ink, isFilled: Bool) -> String {
    if case .colour(let colour) = ink {
      let code = colour.hexadecimal
      return isFilled ? "fill=\"\(code)\"" : "fill=\"none\" stroke=\"\(code)\""
    }
    return "class=\"\(className(ink, count: Palette.light.series.count)) \(isFilled ? "f" : "l")\""
  }

  // MARK: Marks

  private static func element(_ mark: Drawing.Mark) -> String {
    switch mark {
    case .line(let from, let to, let ink, let width):
      return "<path \(paint(ink, isFilled: false)) stroke-width=\"\(number(width))\" "
        + "d=\"M\(pair(from))L\(pair(to))\"/>"
    case .polyline(let points, let ink, let width, let dash):
      let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash.map(number).joined(separator: " "))\""
      return "<path \(paint(ink, isFilled: false)) stroke-width=\"\(number(width))\" stroke-linejoin=\"round\""
        + "\(dashes) d=\"M\(points.map(pair).joined(separator: "L"))\"/>"
    case .rectangle(let x, let y, let width, let height, let ink):
      return "<rect \(paint(ink, isFilled: true)) x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\""
        + " height=\"\(number(height))\"/>"
    case .symbols(let form, let points, let radius, let ink, let opacity):
      return symbols(form, points, radius, ink, opacity)
    case .text(let text, let point, let anchor, let font, let ink):
      let weight = font == .title ? " font-weight=\"600\"" : ""
      let turn = font == .upwards ? " transform=\"rotate(-90 \(number(point.x)) \(number(point.y)))\"" : ""
      let place = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
      return "<text \(paint(ink, isFilled: true)) x=\"\(number(point.x))\" y=\"\(number(point.y))\""
        + " font-size=\"\(number(font.size))\"\(weight)\(place)\(turn)>\(escaped(text))</text>"
    case .picture(let raster, let x, let y, let width, let height):
      return "<image x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\""
        + " preserveAspectRatio=\"none\" href=\"data:image/png;base64,\(Base64.encode(PNG.stored(raster)))\"/>"
    }
  }

  /// All in one path, so that thousands of points stay small and their overlaps do not add up.
  private static func symbols(
    _ form: PlotSymbol, _ points: [Drawing.Point], _ radius: Double, _ ink: Drawing.Ink, _ opacity: Double
  ) -> String {
    let stroke = max(radius * 0.35, 0.6)
    let faint = opacity < 1 ? " opacity=\"\(number(opacity))\"" : ""
    func path(_ isFilled: Bool, _ width: Double, cap: String = "", _ form: (Drawing.Point) -> String) -> String {
      let line = isFilled ? "" : " stroke-width=\"\(number(width))\"\(cap)"
      return "<path \(paint(ink, isFilled: isFilled))\(line)\(faint) d=\"\(points.map(form).joined())\"/>"
    }
    func moved(_ point: Drawing.Point, _ x: Double, _ y: Double) -> String {
      "M\(pair(Drawing.Point(point.x + x, point.y + y)))"
    }
    switch form {
    case .dot: return path(false, radius * 2, cap: " stroke-linecap=\"round\"") { "M\(pair($0))h0" }
    case .ring:
      let reach = radius * 0.85
      let (size, across) = (number(reach), number(2 * reach))
      return path(false, stroke) {
        moved($0, -reach, 0) + "a\(size) \(size) 0 1 0 \(across) 0a\(size) \(size) 0 1 0 -\(across) 0"
      }
    case .square:
      let half = radius * 0.88
      let side = number(2 * half)
      return path(true, 0) { moved($0, -half, -half) + "h\(side)v\(side)h-\(side)z" }
    case .diamond:
      let half = radius * 1.25
      let step = number(half)
      return path(true, 0) { moved($0, -half, 0) + "l\(step) -\(step)l\(step) \(step)l-\(step) \(step)z" }
    case .plus:
      let half = radius * 1.1
      let side = number(2 * half)
      return path(false, stroke) { moved($0, -half, 0) + "h\(side)" + moved($0, 0, -half) + "v\(side)" }
    case .cross:
      let half = radius * 1.1 * 0.5.squareRoot()
      let side = number(2 * half)
      return path(false, stroke) {
        moved($0, -half, -half) + "l\(side) \(side)" + moved($0, -half, half) + "l\(side) -\(side)"
      }
    }
  }

  private static func pair(_ point: Drawing.Point) -> String { number(point.x) + " " + number(point.y) }
}
