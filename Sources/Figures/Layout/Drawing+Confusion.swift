extension Drawing {
  /// True classes downwards, predicted ones across; counts are written where they fit.
  mutating func layOut(_ matrix: ConfusionMatrix, below top: Double) {
    let size = min(matrix.size, ConfusionMatrix.mostClasses)
    guard size > 0 else { return sayNothingToDraw(below: top) }
    let names = (0..<size).map { matrix.name($0).caption(60).cut(to: 120) }
    let longest = names.map { Self.width(of: $0) }.max() ?? 0
    let left = 16 + 20 + longest + 8
    let cell = max(min(((width - left - 16) / Double(size)).rounded(.down), 44), 1)
    let side = cell * Double(size)
    let isLying = longest + 4 <= cell
    add(cellsOf: matrix, size: size, left: left, top: top, cell: cell)
    // As many names as have room.
    let every = max(Int((16 / cell).rounded(.up)), 1)
    for index in stride(from: 0, to: size, by: every) {
      let middle = (Double(index) + 0.5) * cell
      add(names[index], at: Point(left - 8, top + middle + 4), anchor: .end)
      if isLying {
        add(names[index], at: Point(left + middle, top + side + 16), anchor: .middle)
      } else {
        add(names[index], at: Point(left + middle + 4, top + side + 8), anchor: .end, font: .upwards)
      }
    }
    let bottom = top + side + (isLying ? 20 : longest + 12)
    add("true class", at: Point(24, top + side / 2), anchor: .middle, font: .upwards, ink: .text)
    add("predicted class", at: Point(left + side / 2, bottom + 14), anchor: .middle, ink: .text)
    height = bottom + 26
    width = max(min(width, left + side + 24), Self.widths.lowerBound)
  }

  private mutating func add(
    cellsOf matrix: ConfusionMatrix, size: Int, left: Double, top: Double, cell: Double
  ) {
    let texts = (0..<size).map { row in (0..<size).map { matrix.count(row, $0).figureText(.plain) } }
    let widest = size <= 40 ? texts.joined().map { Self.width(of: $0) }.max() ?? 0 : .infinity
    guard cell >= 8, size <= 64 else {
      // Too many for rectangles: one pixel a cell.
      var raster = Raster(width: size, height: size, filledWith: RGB(0, 0, 0))
      for row in 0..<size {
        for column in 0..<size { raster[column, row] = matrix.shade(row, column) }
      }
      let side = cell * Double(size)
      marks.append(.picture(raster, x: left, y: top, width: side, height: side))
      return
    }
    for row in 0..<size {
      for column in 0..<size {
        let (x, y) = (left + Double(column) * cell, top + Double(row) * cell)
        let shade = matrix.shade(row, column)
        marks.append(.rectangle(x: x, y: y, width: cell - 1, height: cell - 1, ink: .colour(shade)))
        if widest + 2 <= cell, matrix.count(row, column) > 0 {
          let ink = shade.lightness > 0.5 ? RGB(0x1F2328) : RGB(0xFFFFFF)
          add(
            texts[row][column], at: Point(x + cell / 2 - 0.5, y + cell / 2 + 4), anchor: .middle,
            ink: .colour(ink))
        }
      }
    }
  }
}

extension ConfusionMatrix {
  func shade(_ row: Int, _ column: Int) -> RGB { Self.shade(ofShare: share(row, column)) }

  /// From near white to dark blue by the square root of the share of the row, so that rare mistakes are seen.
  static func shade(ofShare share: Double) -> RGB {
    RGB(0xEFF3F8).mixed(with: RGB(0x08458C), share: share.squareRoot())
  }
}
