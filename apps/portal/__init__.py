"""The page a customer opens by a personal link: own documents, answers, comments."""
