"""`--compat prism`: the same compiled contracts, answered as Stoplight's Prism 5 does, warts included."""
