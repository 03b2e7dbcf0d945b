import Kernels

/// One step of a recorded computation: what it was computed from, and how a gradient flows back.
///
/// Reverse-mode automatic differentiation in one idea: every operation on a tracked tensor leaves a node that can turn
/// the gradient of its result into the gradients of its inputs; `gradients` visits the nodes from the result backwards.
///
/// `@unchecked Sendable`: nothing changes after `init` but in `deinit`, when nobody else holds the node.
final class Node: @unchecked Sendable {
  /// Gradient of the result → gradients of the inputs, in their order; nil where none flows.
  ///
  /// Must hold detached tensors only, or it would keep the whole computation before it alive.
  typealias Pullback = @Sendable (Tensor) throws -> [Tensor?]

  /// The inputs that are tracked themselves; nil for the others.
  private var inputs: [Node?]
  private let pullback: Pullback
  /// Longer than any input's: ordering by it visits results before what they were computed from.
  private let depth: Int

  init(inputs: [Node?], pullback: @escaping Pullback) {
    self.inputs = inputs
    self.pullback = pullback
    depth = 1 + inputs.reduce(0) { max($0, $1?.depth ?? 0) }
  }

  /// Releases a long chain link by link: left alone, each node would release the next one deeper on the stack.
  deinit {
    var doomed = inputs
    // Held here alone from now on, or none of them would ever be uniquely referenced below.
    inputs = []
    while !doomed.isEmpty {
      guard var node = doomed.removeLast() else { continue }
      if isKnownUniquelyReferenced(&node) {
        doomed += node.inputs
        node.inputs = []
      }
    }
  }

  /// Sends `seed` back from this node; the result maps every reached node to its gradient.
  func gradients(seed: Tensor) throws -> [ObjectIdentifier: Tensor] {
    var gradients = [ObjectIdentifier(self): seed]
    for node in reachable.sorted(by: { $0.depth > $1.depth }) {
      guard let gradient = gradients[ObjectIdentifier(node)], !node.inputs.isEmpty else { continue }
      for (input, share) in zip(node.inputs, try node.pullback(gradient)) {
        guard let input, let share else { continue }
        if var sum = gradients.removeValue(forKey: ObjectIdentifier(input)) {
          try sum.accumulate(share)
          gradients[ObjectIdentifier(input)] = sum
        } else {
          gradients[ObjectIdentifier(input)] = share
        }
      }
      if !node.isLeaf { gradients[ObjectIdentifier(node)] = nil }
    }
    return gradients
  }

  private var isLeaf: Bool { inputs.isEmpty }

  /// This node and all that it was computed from, without recursion.
  private var reachable: [Node] {
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(self)]
    var found = [self]
    var next = 0
    while next < found.count {
      for case let input? in found[next].inputs where seen.insert(ObjectIdentifier(input)).inserted {
        found.append(input)
      }
      next += 1
    }
    return found
  }
}

extension Tensor {
  /// The same elements as an independent variable: what is computed from it can be differentiated by it.
  public var tracked: Tensor {
    Tensor(shape: shape, storage: storage, node: Node(inputs: []) { _ in [] })
  }

  /// Attaches to a computed value how its gradient flows back to `inputs`; does nothing where none is tracked.
  func recorded(from inputs: [Tensor], pullback: @escaping Node.Pullback) -> Tensor {
    guard inputs.contains(where: \.isTracked) else { return self }
    return Tensor(shape: shape, storage: storage, node: Node(inputs: inputs.map(\.node), pullback: pullback))
  }

  /// This value as one whose gradient flows back to what it was computed from, by a function given here.
  ///
  /// - Parameter pullback: the gradient of this tensor → those of `inputs`, in their order; nil where none flows. It
  ///   must hold detached tensors only.
  public func differentiable(
    by inputs: [Tensor], pullback: @escaping @Sendable (_ gradient: Tensor) throws -> [Tensor?]
  ) -> Tensor {
    recorded(from: inputs, pullback: pullback)
  }

  /// The derivatives of this scalar by each of the variables; zeros for one that it does not depend on.
  ///
  /// - Parameter variables: tensors made by `tracked`, from which this one was computed.
  public func gradients(by variables: [Tensor]) throws -> [Tensor] {
    try zip(variables, reachedGradients(by: variables)).map { variable, gradient in
      try gradient ?? Tensor(repeating: 0, shape: variable.shape)
    }
  }

  /// The derivatives of this scalar by each of the variables; none for one that it does not depend on.
  public func reachedGradients(by variables: [Tensor]) throws -> [Tensor?] {
    guard count == 1 else {
      throw TensorError(
        "grad: the function must give a single number, not a tensor of shape \(shape)",
        help: "reduce it first, with sum(...) or mean(...)")
    }
    let gradients = try node?.gradients(seed: Tensor(repeating: 1, shape: shape)) ?? [:]
    return variables.map { variable in variable.node.flatMap { gradients[ObjectIdentifier($0)] } }
  }

  /// Adds another gradient to this one, in place where nobody else holds it.
  fileprivate mutating func accumulate(_ other: Tensor) throws {
    let count = count
    try mutate { sum in other.read { Elementwise.axpy(count, 1, $0, into: sum) } }
  }
}
