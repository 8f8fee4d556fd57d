"""The artefact of a module: its graphs as data, with what they promise measured."""
