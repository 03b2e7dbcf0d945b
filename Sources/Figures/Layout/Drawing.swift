/// A figure laid out: marks at places in points, from the left and from the top; later ones lie above earlier ones.
///
/// All that writes pictures starts from here, so that SVG, PNG and the pictures of kitty and sixel agree.
public struct Drawing: Sendable, Equatable {
  public var width: Double
  public var height: Double
  /// What is told to those who do not see it.
  public var title: String
  public var marks: [Mark] = []

  public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// What is drawn.
  public enum Mark: Sendable, Equatable {
    case line(from: Point, to: Point, ink: Ink, width: Double)
    /// Joined points; `dash` gives the lengths of strokes and gaps in turn, empty for a whole line.
    case polyline([Point], ink: Ink, width: Double, dash: [Double])
    case rectangle(x: Double, y: Double, width: Double, height: Double, ink: Ink)
    /// One form at many places; where they overlap they do not add up.
    case symbols(PlotSymbol, [Point], radius: Double, ink: Ink, opacity: Double)
    /// A line of text whose baseline passes through a point.
    case text(String, Point, anchor: Anchor, font: Font, ink: Ink)
    /// Pixels, enlarged without smoothing.
    case picture(Raster, x: Double, y: Double, width: Double, height: Double)
  }

  /// Which part of a text stands at its point.
  public enum Anchor: String, Sendable {
    case start, middle, end
  }

  /// The ways of writing.
  public enum Font: Sendable, Equatable {
    case title, label
    /// Reads upwards.
    case upwards

    /// The height of the font in points.
    var size: Double { self == .title ? 15 : 12 }
  }

  /// A colour by its task, so that light and dark pages each choose their own, or one that is the same on both.
  public enum Ink: Sendable, Equatable {
    case text, muted, grid, background
    case series(Int)
    case colour(RGB)
  }

  /// The room that a text takes across, roughly: the fonts of SVG are those of the reader.
  static func width(of text: String) -> Double { Double(text.count) * BitmapFont.advance }
}

/// The forms that tell series apart where colours cannot.
public enum PlotSymbol: Int, Sendable, CaseIterable {
  case dot, square, cross, diamond, plus, ring

  /// The form of a series; they repeat.
  static func of(series: Int) -> PlotSymbol {
    let forms = allCases
    return forms[((series % forms.count) + forms.count) % forms.count]
  }

  /// How far a place outside the form is, negative inside; coordinates from its middle.
  func distance(_ x: Double, _ y: Double, radius: Double) -> Double {
    let stroke = max(radius * 0.35, 0.6)
    switch self {
    case .dot: return (x * x + y * y).squareRoot() - radius
    case .square: return max(abs(x), abs(y)) - radius * 0.88
    case .diamond: return (abs(x) + abs(y) - radius * 1.25) * 0.5.squareRoot()
    case .ring: return abs((x * x + y * y).squareRoot() - radius * 0.85) - stroke / 2
    case .plus:
      let (long, short) = (max(abs(x), abs(y)), min(abs(x), abs(y)))
      return max(long - radius * 1.1, short - stroke / 2)
    case .cross:
      let (along, across) = (abs(x + y) * 0.5.squareRoot(), abs(x - y) * 0.5.squareRoot())
      return max(max(along, across) - radius * 1.1, min(along, across) - stroke / 2)
    }
  }
}

/// The colours of series: Okabe and Ito, "Color Universal Design" (2008), told apart by all kinds of colour vision.
public struct Palette: Sendable {
  var series: [RGB]
  var text: RGB
  var muted: RGB
  var grid: RGB
  var background: RGB

  /// Dark ink on white.
  public static let light = Palette(
    series: [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9].map { RGB($0) }, text: RGB(0x1F2328),
    muted: RGB(0x59636E), grid: RGB(0xE3E6EA), background: RGB(0xFFFFFF))

  /// Light ink on near black; the darker colours are lighter here.
  public static let dark = Palette(
    series: [0x4FA3DC, 0xF0803C, 0x26C196, 0xDC9BC0, 0xF2B632, 0x8CCFF5].map { RGB($0) }, text: RGB(0xE6EDF3),
    muted: RGB(0x9DA7B3), grid: RGB(0x2B313A), background: RGB(0x0D1117))

  /// The lines of series beyond the colours are dashed, so that no two look the same.
  static func dash(of series: Int) -> [Double] {
    let dashes: [[Double]] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4]]
    return dashes[max(series, 0) % dashes.count]
  }

  func colour(_ ink: Drawing.Ink) -> RGB {
    switch ink {
    case .text: text
    case .muted: muted
    case .grid: grid
    case .background: background
    case .series(let index): series[((index % series.count) + series.count) % series.count]
    case .colour(let colour): colour
    }
  }
}
