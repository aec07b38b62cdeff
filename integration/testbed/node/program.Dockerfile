# An image of one statically linked program.
FROM scratch
COPY program /program
ENTRYPOINT ["/program"]
