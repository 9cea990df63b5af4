"""Commands for those who work on lambdalint; nothing here is shipped."""
