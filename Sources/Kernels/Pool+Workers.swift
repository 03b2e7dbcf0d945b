import Synchronization

extension Pool {
  /// Runs `body` once for each item `0 ..< items`, on at most `workers` threads at a time, and tells it which of the
  /// workers `0 ..< workers` it is: so each thread can have working storage of its own that it keeps in its caches.
  /// What an item computes must not depend on the worker.
  static func run(items: Int, workers: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
    let next = Atomic<Int>(0)
    run(chunks: min(items, workers)) { worker in
      while true {
        let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if item >= items { return }
        body(item, worker)
      }
    }
  }
}
