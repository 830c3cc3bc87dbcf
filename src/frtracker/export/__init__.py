"""The record of one day as files for other programs; :mod:`frtracker.export.formats` lists them."""
