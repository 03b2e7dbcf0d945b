import Networks
import Tensors

/// The scales and shifts of every normalisation of a program, in each branch.
///
/// They are ordinary tensors: learned ones, or computed from passports and weights. A program takes them as they are
/// and gives back their gradients, so it need not know of passports at all.
struct Affines: Sendable {
  /// By operation, then by branch.
  private let affines: [Int: [Affine]]
  let slots: [AffineSlot]
  /// The tensors of the slots.
  let tensors: [Tensor]

  init(_ program: Program, _ passes: [ForwardPass]) throws {
    var affines: [Int: [Affine]] = [:]
    var slots: [AffineSlot] = []
    var tensors: [Tensor] = []
    for (index, operation) in program.operations.enumerated() {
      guard let norm = operation as? any NormalizingOperation else { continue }
      let own = try passes.map { try norm.layer.affine(LayerPass(path: norm.path, pass: $0)) }
      affines[index] = own
      for (branch, affine) in own.enumerated() {
        slots += [
          AffineSlot(operation: index, branch: branch, part: .scale),
          AffineSlot(operation: index, branch: branch, part: .shift),
        ]
        tensors += [affine.scale, affine.shift]
      }
    }
    self.affines = affines
    self.slots = slots
    self.tensors = tensors
  }

  /// Operations whose scale or shift is to be differentiated by.
  var trackedOperations: Set<Int> { Set(zip(slots, tensors).filter { $1.isTracked }.map(\.0.operation)) }

  /// The affine of an operation in a branch.
  func callAsFunction(_ operation: Int, branch: Int) -> Affine {
    guard let affine = affines[operation]?[branch] else { preconditionFailure("operation \(operation) has no affine") }
    return affine
  }
}

/// An operation that normalises, and to do so needs an affine.
protocol NormalizingOperation: Operation {
  /// The path of the normalisation, under which its statistics are kept.
  var path: String { get }
  var layer: any NormalizingLayer { get }
}

/// The scale or the shift that a normalisation takes in a branch.
struct AffineSlot: Hashable, Sendable {
  enum Part: Sendable { case scale, shift }

  var operation: Int
  var branch: Int
  var part: Part
}
