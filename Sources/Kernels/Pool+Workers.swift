import Synchronization

extension Pool {
  /// Runs `body` once for each item `0 ..< items`, on at most `workers` threads at a time, and tells it which of the
  /// workers `0 ..< workers` it is: so each thread can have working storage of its own that it keeps in its caches.
  /// A worker takes its next item before it works on one, and so can fetch it meanwhile; at the end that is `items`.
  /// What an item computes must not depend on the worker.
  static func run(items: Int, workers: Int, _ body: (_ item: Int, _ next: Int, _ worker: Int) -> Void) {
    let workers = min(items, workers)
    let taken = Atomic<Int>(workers)
    run(chunks: workers) { worker in
      var item = worker
      while item < items {
        let next = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        body(item, min(next, items), worker)
        item = next
      }
    }
  }

  /// How many of `count` things make an item: about `wanted`, a multiple of `unit` if that is possible, and so that
  /// each worker gets as many items as the others.
  static func evenSize(_ count: Int, wanted: Int, unit: Int, workers: Int) -> Int {
    let rounds = max(1, (count + wanted * workers - 1) / (wanted * workers))
    let size = (count + rounds * workers - 1) / (rounds * workers)
    return max(1, min((size + unit - 1) / unit * unit, count))
  }
}
