// Cells of a script: they fold, and stand in the outline. Written by `passbook editors`.
const vscode = require("vscode")

const tag = /^ *\[(?:markdown|md)\]/

function cells(document) {
  const found = []
  for (let line = 0; line < document.lineCount; line += 1) {
    const match = /^# ?%%(.*)$/.exec(document.lineAt(line).text)
    if (match) found.push({ title: match[1].replace(tag, "").trim() || `cell ${found.length + 1}`, start: line })
  }
  return found.map((cell, index) => {
    const next = found[index + 1]
    return { ...cell, end: (next ? next.start : document.lineCount) - 1 }
  })
}

exports.activate = (context) => {
  const folding = {
    provideFoldingRanges: (document) =>
      cells(document).map((cell) => new vscode.FoldingRange(cell.start, cell.end)),
  }
  const outline = {
    provideDocumentSymbols: (document) => cells(document).map((cell) => {
      const range = new vscode.Range(cell.start, 0, cell.end, document.lineAt(cell.end).text.length)
      return new vscode.DocumentSymbol(cell.title, "", vscode.SymbolKind.Module, range, range)
    }),
  }
  context.subscriptions.push(
    vscode.languages.registerFoldingRangeProvider("passbook", folding),
    vscode.languages.registerDocumentSymbolProvider("passbook", outline),
  )
}
