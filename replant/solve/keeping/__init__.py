"""What a solve keeps on disk, so that whatever stops it costs some seconds and no more."""
