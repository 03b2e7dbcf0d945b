autocmd BufNewFile,BufRead *.pass setfiletype passbook
