"""The control API goes in; the page that lets people use it comes out: HTML, one stylesheet, one module."""
