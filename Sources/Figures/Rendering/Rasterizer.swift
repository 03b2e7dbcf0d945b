extension Drawing {
  /// The drawing as pixels, one a point, in the inks of a palette.
  public func rasterized(_ palette: Palette = .light) -> Raster {
    var rasterizer = Rasterizer(width: width, height: height, background: palette.background)
    for mark in marks { rasterizer.draw(mark, palette) }
    return rasterizer.raster
  }
}

/// Puts marks onto pixels; a pixel's coverage is judged by how far its middle lies from the form, so edges are smooth.
///
/// Only sums, products and square roots: all machines give the same bytes.
struct Rasterizer {
  private(set) var raster: Raster
  /// How far the mark in work covers each pixel, 0…255, and the part of it that is not zero.
  private var coverage: [UInt8]
  private var touched: (columns: Range<Int>, rows: Range<Int>) = (0..<0, 0..<0)

  init(width: Double, height: Double, background: RGB) {
    func pixels(_ side: Double) -> Int { Int(exactly: min(max(side.rounded(.up), 1), 8_192)) ?? 1 }
    raster = Raster(width: pixels(width), height: pixels(height), filledWith: background)
    coverage = [UInt8](repeating: 0, count: raster.width * raster.height)
  }

  mutating func draw(_ mark: Drawing.Mark, _ palette: Palette) {
    switch mark {
    case .line(let from, let to, let ink, let width):
      cover(from, to, width: width)
      paint(palette.colour(ink))
    case .polyline(let points, let ink, let width, let dash):
      for stroke in Dashes(dash).strokes(along: points) {
        if stroke.count == 1 { cover(stroke[0], stroke[0], width: width) }
        for (from, to) in zip(stroke, stroke.dropFirst()) { cover(from, to, width: width) }
      }
      paint(palette.colour(ink))
    case .rectangle(let x, let y, let width, let height, let ink):
      coverRectangle(x: x, y: y, width: width, height: height)
      paint(palette.colour(ink))
    case .symbols(let form, let points, let radius, let ink, let opacity):
      for point in points {
        let reach = radius * 1.6 + 1
        cover(within: point.x - reach...point.x + reach, point.y - reach...point.y + reach) { x, y in
          0.5 - form.distance(x - point.x, y - point.y, radius: radius)
        }
      }
      paint(palette.colour(ink), opacity: opacity)
    case .text(let text, let point, let anchor, let font, let ink):
      cover(text, at: point, anchor: anchor, font: font)
      paint(palette.colour(ink))
    case .picture(let picture, let x, let y, let width, let height):
      place(picture, x: x, y: y, width: width, height: height)
    }
  }

  // MARK: Coverage

  /// Raises the coverage of the pixels in a rectangle to what a function of their middles gives.
  private mutating func cover(
    within x: ClosedRange<Double>, _ y: ClosedRange<Double>, by coverageAt: (Double, Double) -> Double
  ) {
    let (columns, rows) = (pixels(x, raster.width), pixels(y, raster.height))
    guard !columns.isEmpty, !rows.isEmpty else { return }
    for row in rows {
      for column in columns {
        let share = coverageAt(Double(column) + 0.5, Double(row) + 0.5)
        guard share > 0 else { continue }
        let index = row * raster.width + column
        coverage[index] = max(coverage[index], UInt8(min(share, 1) * 255))
      }
    }
    func joined(_ range: Range<Int>, _ other: Range<Int>) -> Range<Int> {
      range.isEmpty ? other : min(range.lowerBound, other.lowerBound)..<max(range.upperBound, other.upperBound)
    }
    touched = (joined(touched.columns, columns), joined(touched.rows, rows))
  }

  private func pixels(_ range: ClosedRange<Double>, _ count: Int) -> Range<Int> {
    func bounded(_ value: Double) -> Int { Int(exactly: min(max(value, 0), Double(count)).rounded()) ?? 0 }
    let (first, last) = (bounded(range.lowerBound.rounded(.down)), bounded(range.upperBound.rounded(.up)))
    return first..<max(first, last)
  }

  /// A line with round ends.
  private mutating func cover(_ from: Drawing.Point, _ to: Drawing.Point, width: Double) {
    guard from.x.isFinite, from.y.isFinite, to.x.isFinite, to.y.isFinite else { return }
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let length = dx * dx + dy * dy
    if dx == 0 || dy == 0 {
      // Straight along the pixels: exact, so that axes are crisp.
      let half = width / 2
      return coverRectangle(
        x: min(from.x, to.x) - (dx == 0 ? half : 0), y: min(from.y, to.y) - (dy == 0 ? half : 0),
        width: abs(dx) + (dx == 0 ? width : 0), height: abs(dy) + (dy == 0 ? width : 0))
    }
    let reach = width / 2 + 1
    cover(
      within: min(from.x, to.x) - reach...max(from.x, to.x) + reach,
      min(from.y, to.y) - reach...max(from.y, to.y) + reach
    ) { x, y in
      let share = length > 0 ? min(max(((x - from.x) * dx + (y - from.y) * dy) / length, 0), 1) : 0
      let (awayX, awayY) = (x - from.x - share * dx, y - from.y - share * dy)
      return width / 2 + 0.5 - (awayX * awayX + awayY * awayY).squareRoot()
    }
  }

  private mutating func coverRectangle(x: Double, y: Double, width: Double, height: Double) {
    guard x.isFinite, y.isFinite, width > 0, height > 0, width.isFinite, height.isFinite else { return }
    cover(within: x...x + width, y...y + height) { column, row in
      let across = min(column + 0.5, x + width) - max(column - 0.5, x)
      let down = min(row + 0.5, y + height) - max(row - 0.5, y)
      return max(across, 0) * max(down, 0)
    }
  }

  private mutating func cover(_ text: String, at point: Drawing.Point, anchor: Drawing.Anchor, font: Drawing.Font) {
    guard point.x.isFinite, point.y.isFinite else { return }
    let length = Drawing.width(of: text)
    let start = anchor == .start ? 0 : anchor == .middle ? -length / 2 : -length
    for (index, character) in text.enumerated() {
      let along = (start + Double(index) * BitmapFont.advance).rounded()
      for (row, bits) in BitmapFont.rows(of: character).enumerated() {
        for column in 0..<8 where bits >> UInt8(7 - column) & 1 == 1 {
          let (right, up) = (along + Double(column), Double(BitmapFont.ascent - 1 - row))
          let (x, y) =
            font == .upwards ? (point.x - 1 - up, point.y - 1 - right) : (point.x + right, point.y - 1 - up)
          coverRectangle(x: x.rounded(), y: y.rounded(), width: 1, height: 1)
        }
      }
    }
  }

  // MARK: Paint

  /// Lays a colour over the covered pixels and forgets the coverage.
  private mutating func paint(_ colour: RGB, opacity: Double = 1) {
    for row in touched.rows {
      for column in touched.columns {
        let index = row * raster.width + column
        guard coverage[index] > 0 else { continue }
        let share = Double(coverage[index]) / 255 * opacity
        raster[column, row] = raster[column, row].mixed(with: colour, share: share)
        coverage[index] = 0
      }
    }
    touched = (0..<0, 0..<0)
  }

  /// The pixels of a picture, each as large as it comes out.
  private mutating func place(_ picture: Raster, x: Double, y: Double, width: Double, height: Double) {
    guard x.isFinite, y.isFinite, width > 0, height > 0, width.isFinite, height.isFinite else { return }
    for row in pixels(y.rounded()...(y + height).rounded(), raster.height) {
      for column in pixels(x.rounded()...(x + width).rounded(), raster.width) {
        let (across, down) = ((Double(column) + 0.5 - x) / width, (Double(row) + 0.5 - y) / height)
        func pixel(_ share: Double, _ count: Int) -> Int {
          min(max(Int(exactly: (share * Double(count)).rounded(.down)) ?? 0, 0), count - 1)
        }
        raster[column, row] = picture[pixel(across, picture.width), pixel(down, picture.height)]
      }
    }
  }
}

/// A line cut into the strokes of a dash pattern.
struct Dashes {
  private let pattern: [Double]

  init(_ pattern: [Double]) { self.pattern = pattern.allSatisfy { $0 > 0.5 } ? pattern : [] }

  func strokes(along points: [Drawing.Point]) -> [[Drawing.Point]] {
    guard !pattern.isEmpty, let first = points.first else { return [points] }
    var strokes: [[Drawing.Point]] = [[first]]
    var (part, left) = (0, pattern[0])
    for (from, to) in zip(points, points.dropFirst()) {
      let (dx, dy) = (to.x - from.x, to.y - from.y)
      let length = (dx * dx + dy * dy).squareRoot()
      guard length.isFinite, length > 0, length < 1e5 else { continue }
      var done = 0.0
      while length - done > left {
        done += left
        let here = Drawing.Point(from.x + dx * done / length, from.y + dy * done / length)
        if part % 2 == 0 { strokes[strokes.count - 1].append(here) } else { strokes.append([here]) }
        part += 1
        left = pattern[part % pattern.count]
      }
      left -= length - done
      if part % 2 == 0 { strokes[strokes.count - 1].append(to) }
    }
    return strokes
  }
}
