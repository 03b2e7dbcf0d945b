/// What to write here for words that other languages, and other prompts, have taught the fingers.
enum ForeignWords {
  /// Where a name stands that nothing has: `exit`, `None`.
  static func help(forName name: String) -> String? {
    switch name {
    case "exit", "quit", "bye": ":quit leaves, and so does Ctrl-D on an empty line"
    case "help", "man": "? is a short tour, ?NAME explains a name"
    case "True", "TRUE": "it is written 'true'"
    case "False", "FALSE": "it is written 'false'"
    case "None", "null", "nil", "NULL", "undefined": "it is written 'none'"
    case "dir", "who", "whos", "globals", "locals": ":vars lists the variables"
    case "history": ":history lists the cells that ran"
    case "np", "numpy", "torch", "tf", "math": "there are no modules: the functions are here; ? lists them"
    default: nil
    }
  }

  /// Where a statement begins with a word and goes on as none does here: `let x = 3`.
  static func help(forStatement word: String) -> String? {
    switch word {
    case "import", "from", "using", "require": "nothing is imported: the functions are here; ? lists them"
    case "let", "var", "const", "local": "an assignment needs no word in front: x = 3"
    case "def", "func", "function": "a function is written fn f(x) { x + 1 }"
    case "lambda": "a function without a name is written x -> x + 1"
    case "class", "struct": "there are no classes; a record is written {name: value}"
    case "elif", "elsif": "it is written '} else if c {'"
    case "assert": "it is written 'expect'"
    case "print", "echo": "a call has parentheses: print(x)"
    case "del", "delete": ":undo takes back the last cell, :reset forgets all variables"
    default: nil
    }
  }
}
