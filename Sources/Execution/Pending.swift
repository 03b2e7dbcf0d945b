import Kernels
enum RowLayout {
  static func rows(fromPlanes x: UnsafePointer<Float>, samples: Int, channels: Int, positions: Int, width: Int, into y: UnsafeMutablePointer<Float>) {
    y.update(repeating: 0, count: samples * positions * width)
    for n in 0..<samples { for c in 0..<channels { for p in 0..<positions { y[(n * positions + p) * width + c] = x[(n * channels + c) * positions + p] } } }
  }
  static func planes(fromRows x: UnsafePointer<Float>, samples: Int, channels: Int, positions: Int, width: Int, into y: UnsafeMutablePointer<Float>) {
    for n in 0..<samples { for c in 0..<channels { for p in 0..<positions { y[(n * channels + c) * positions + p] = x[(n * positions + p) * width + c] } } }
  }
  static func copy(rows: Int, channels: Int, _ x: UnsafePointer<Float>, rowLength: Int, into y: UnsafeMutablePointer<Float>, rowLength to: Int) {
    for r in 0..<rows { for c in 0..<to { y[r * to + c] = c < channels ? x[r * rowLength + c] : 0 } }
  }
}
enum RowSums {
  static func perChannel(_ rows: Int, of f: Feature, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
    for c in 0..<f.channels { var s = 0.0; for r in 0..<rows { s += Double(x[r * f.rowLength + c]) }; y[c] = Float(s) }
  }
}
struct GlobalAverage: Operation {
  let input, output: Feature.ID
  var inputs: [Feature.ID] { [input] }
  func forward(_ run: Run) {
    let f = run.feature(input), n = run.rows(output)
    let x = run.values(input), y = run.values(output)
    for s in 0..<n { for c in 0..<f.rowLength { var t = 0.0; for p in 0..<f.positions { t += Double(x[(s * f.positions + p) * f.rowLength + c]) }; y[s * f.rowLength + c] = Float(t / Double(f.positions)) } }
  }
  func backward(_ run: Run) {
    let f = run.feature(input), n = run.rows(output), g = run.outputGradient()
    run.giveGradient(to: input) { x in for s in 0..<n { for p in 0..<f.positions { for c in 0..<f.rowLength { x[(s * f.positions + p) * f.rowLength + c] = g[s * f.rowLength + c] / Float(f.positions) } } } }
  }
}
struct Void1: Operation {
  let inputs: [Feature.ID]; let output: Feature.ID
  func forward(_ run: Run) {}
  func backward(_ run: Run) {}
}
func GlobalMaximum(input: Int, output: Int) -> Void1 { Void1(inputs: [input], output: output) }
func MaximumPool(input: Int, output: Int, window: Any) -> Void1 { Void1(inputs: [input], output: output) }
func AveragePool(input: Int, output: Int, window: Any) -> Void1 { Void1(inputs: [input], output: output) }
func Flatten(input: Int, output: Int) -> Void1 { Void1(inputs: [input], output: output) }
func Transform(cloud: Int, matrices: Int, output: Int) -> Void1 { Void1(inputs: [cloud, matrices], output: output) }
enum MaximumOverPoints { static func computes(_ k: Any) -> Bool { false }
}
enum RowJoin {
  static func concatenate(rows: Int, _ a: [(UnsafePointer<Float>, Int)], into y: UnsafeMutablePointer<Float>) {}
  static func extract(rows: Int, from: UnsafePointer<Float>, width: Int, first: Int, channels: Int, into: UnsafeMutablePointer<Float>) {}
}
