print("passbook")
