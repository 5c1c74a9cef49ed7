"""Who is away, as screens ask for it; and the link by which family tells."""
